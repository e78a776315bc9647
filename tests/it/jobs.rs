//! The queue and the schedule.

use cloudmart::jobs::{self, JobState, schedule};
use cloudmart::kernel::Ts;

fn later(now: Ts, secs: i64) -> Ts {
    now.plus_secs(secs)
}

both!(a_job_is_leased_once_and_goes_when_it_is_done, async |t| {
    let now = t.clock.now();
    t.app
        .db
        .write(move |c| {
            assert!(jobs::enqueue(c, now, "print", &7, now, Some("one"))?);
            assert!(!jobs::enqueue(c, now, "print", &8, now, Some("one"))?, "the same wish twice");
            assert!(jobs::enqueue(c, now, "print", &9, later(now, 60), None)?);
            let taken = jobs::lease(c, now, "print", 10, 30)?;
            assert_eq!(taken.len(), 1, "the second is not due");
            assert_eq!((taken[0].payload.as_i64(), taken[0].attempt), (Some(7), 1));
            assert!(jobs::lease(c, now, "print", 10, 30)?.is_empty(), "it is leased");
            assert!(jobs::lease(c, later(now, 60), "other", 10, 30)?.is_empty());
            assert!(jobs::finish(c, &taken[0])?);
            assert_eq!(jobs::counts(c)?, jobs::Counts { ready: 1, failed: 0 });
            Ok(())
        })
        .await
        .unwrap();
});

both!(a_lease_that_ran_out_is_taken_over, async |t| {
    let now = t.clock.now();
    t.app
        .db
        .write(move |c| {
            jobs::enqueue(c, now, "print", &1, now, None)?;
            let first = jobs::lease(c, now, "print", 1, 30)?.remove(0);
            let second = jobs::lease(c, later(now, 31), "print", 1, 30)?.remove(0);
            assert_eq!((second.id, second.attempt), (first.id, 2));
            assert!(!jobs::retry(c, &first, now, "late")?, "who lost the lease changes nothing");
            assert!(!jobs::finish(c, &first)?);
            assert!(jobs::retry(c, &second, later(now, 90), "the printer is off")?);
            assert!(jobs::lease(c, later(now, 89), "print", 1, 30)?.is_empty());
            let third = jobs::lease(c, later(now, 90), "print", 1, 30)?.remove(0);
            assert_eq!(third.attempt, 3);
            jobs::finish(c, &third)?;
            Ok(())
        })
        .await
        .unwrap();
});

both!(a_job_that_was_laid_aside_comes_back_by_hand, async |t| {
    let now = t.clock.now();
    t.app
        .db
        .write(move |c| {
            jobs::enqueue(c, now, "print", &1, now, None)?;
            let job = jobs::lease(c, now, "print", 1, 30)?.remove(0);
            assert!(jobs::fail(c, &job, now, &"x".repeat(2000))?);
            let page = jobs::list(c, JobState::Failed, None, 10)?;
            assert_eq!(page.rows[0].last_error.as_ref().map(String::len), Some(500));
            assert!(jobs::lease(c, later(now, 999), "print", 1, 30)?.is_empty());
            jobs::again(c, now, job.id)?;
            assert!(jobs::again(c, now, job.id).is_err(), "it is not laid aside any more");
            assert_eq!(jobs::lease(c, now, "print", 1, 30)?.len(), 1);
            Ok(())
        })
        .await
        .unwrap();
});

both!(the_list_of_jobs_goes_on_where_a_page_ended, async |t| {
    let now = t.clock.now();
    t.app
        .db
        .write(move |c| {
            for n in 0..5 {
                jobs::enqueue(c, now, "print", &n, now, None)?;
            }
            let (mut seen, mut after) = (vec![], None);
            loop {
                let page = jobs::list(c, JobState::Ready, after, 2)?;
                seen.extend(page.rows.iter().filter_map(|j| j.payload.as_i64()));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            seen.sort_unstable();
            assert_eq!(seen, [0, 1, 2, 3, 4]);
            Ok(())
        })
        .await
        .unwrap();
});

both!(a_periodic_task_runs_in_one_process_at_a_time, async |t| {
    let now = t.clock.now();
    t.app
        .db
        .write(move |c| {
            assert!(schedule::is_due(c, now, "sweep")?);
            assert!(schedule::claim(c, now, "sweep", 600)?);
            assert!(!schedule::claim(c, now, "sweep", 600)?);
            schedule::done(c, later(now, 3), "sweep", 600, Some("no broom"))?;
            assert!(!schedule::is_due(c, later(now, 599), "sweep")?);
            assert!(schedule::claim(c, later(now, 600), "sweep", 600)?);
            assert!(!schedule::claim(c, later(now, 1199), "sweep", 600)?, "the one at work may still live");
            assert!(schedule::claim(c, later(now, 1200), "sweep", 600)?, "the one at work has died");
            let row = schedule::list(c)?.into_iter().find(|p| p.name == "sweep").unwrap();
            assert_eq!(row.last_error.as_deref(), Some("no broom"));
            Ok(())
        })
        .await
        .unwrap();
});

both!(two_processes_never_hold_one_job, async |t| {
    let now = t.clock.now();
    t.app
        .db
        .write(move |c| {
            for n in 0..40 {
                jobs::enqueue(c, now, "print", &n, now, None)?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let mut tasks = vec![];
    for _ in 0..8 {
        let db = t.app.db.clone();
        tasks.push(tokio::spawn(async move { db.write(move |c| jobs::lease(c, now, "print", 10, 30)).await.unwrap() }));
    }
    let mut taken = vec![];
    for task in tasks {
        taken.extend(task.await.unwrap().into_iter().map(|job| job.id));
    }
    let all = taken.len();
    taken.sort();
    taken.dedup();
    assert_eq!(taken.len(), all, "a job was leased twice");
    assert_eq!(all, 40);
});
