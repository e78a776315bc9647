//! Systems outside the house, each behind one small face: real, or recorded in memory for tests.
