DROP TABLE apr_opinion;
DROP TABLE apr_proposal;
