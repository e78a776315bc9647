//! What is written together at the end of a transaction behaves as if it had been written at once.

use cloudmart::approval;
use cloudmart::audit;
use cloudmart::cases::{self, Decision, Event, Note, Step};
use cloudmart::db::Conn;
use cloudmart::exchange::{self, DeclaredKey};
use cloudmart::identity::clients;
use cloudmart::kernel::{Ctx, Error, Id, Kind, Result};

use super::harness::TestApp;
use super::story;

fn note(c: &mut Conn, ctx: &Ctx, id: Id, action: &str) -> Result<()> {
    audit::record(c, ctx, action, ("job", id), ())
}

async fn actions(t: &TestApp, id: Id) -> Vec<String> {
    let found = t.app.db.read(move |c| audit::of_object(c, id)).await.unwrap();
    found.into_iter().map(|e| e.action).collect()
}

both!(who_reads_in_the_same_transaction_finds_it_written, async |t| {
    let (ctx, id) = (t.system(), Id::random());
    t.app
        .db
        .write(move |c| {
            note(c, &ctx, id, "job.again")?;
            assert_eq!(audit::of_object(c, id)?.len(), 1);
            for _ in 0..30 {
                note(c, &ctx, id, "mail.again")?;
            }
            assert_eq!(audit::of_object(c, id)?.len(), 31, "more than go in one statement");
            note(c, &ctx, id, "exchange.resend")
        })
        .await
        .unwrap();
    assert_eq!(actions(t, id).await.len(), 32);
});

both!(it_goes_with_its_transaction, async |t| {
    let id = Id::random();
    // As often as there are connections, so that the next one to write has had a transaction that was given up.
    for _ in 0..20 {
        let ctx = t.system();
        let given_up = t.app.db.write(move |c| {
            note(c, &ctx, id, "job.again")?;
            Err::<(), _>(Error::conflict("case-moved"))
        });
        assert!(given_up.await.unwrap_err().is(Kind::Conflict));
    }
    let ctx = t.system();
    t.app.db.write(move |c| note(c, &ctx, id, "mail.again")).await.unwrap();
    assert_eq!(actions(t, id).await, ["mail.again"]);
});

both!(what_may_not_be_fails_all_of_it, async |t| {
    let (case, id) = (story::submitted(t, story::CARD).await, Id::random());
    let key = t.app.db.write({
        let ctx = t.system();
        move |c| {
            let cmd =
                clients::Create { client_id: "twice".into(), name: "twice".into(), department: None, scopes: vec![] };
            let client = clients::create(c, &ctx, &cmd)?.id;
            Ok(DeclaredKey { client, key: "one".into(), digest: vec![1] })
        }
    });
    let key = key.await.unwrap();
    for _ in 0..2 {
        let (ctx, key, case) = (t.system(), key.clone(), case.id);
        let again = t.app.db.write(move |c| {
            note(c, &ctx, id, "client.declare")?;
            exchange::keep_declared(c, &ctx, &key, case)
        });
        if let Err(error) = again.await {
            assert!(error.is(Kind::Conflict), "{error}");
        }
    }
    assert_eq!(actions(t, id).await, ["client.declare"], "the second was refused, and all that went with it");
});

both!(of_two_changes_of_a_row_the_second_stays, async |t| {
    let (case, _) = story::accepted(t, story::CARD).await;
    let proposed = case.clone();
    story::act(t, &story::staff(t, "mzj.handler").await, move |c, ctx, _| {
        approval::propose(c, ctx, &proposed, Decision::Refused, "材料不实，不符合条件")?;
        approval::propose(c, ctx, &proposed, Decision::Granted, "")
    })
    .await;
    let proposal = t.app.db.read(move |c| approval::proposal(c, &case)).await.unwrap().unwrap();
    assert_eq!(proposal.outcome, Decision::Granted);
});

both!(who_was_not_quick_enough_changes_nothing, async |t| {
    let (case, id) = (story::submitted(t, story::CARD).await, Id::random());
    let before = case.rev;
    // The second and the third come with what the first has changed; the third also asks for the case afterwards.
    for turn in 0..3 {
        let (ctx, case) = (t.system(), case.clone());
        let moved = t.app.db.write(move |c| {
            note(c, &ctx, id, "case.pre-accept")?;
            cases::advance(c, &ctx, &case, &[Event::PreAccept], Step::default(), &Note::inner(""))?;
            if turn == 2 {
                cases::for_platform(c, &ctx, case.id)?;
            }
            Ok(())
        });
        match moved.await {
            Ok(()) => assert_eq!(turn, 0),
            Err(e) => assert_eq!((e.code(), turn > 0), ("case-moved", true)),
        }
    }
    assert_eq!(actions(t, id).await, ["case.pre-accept"]);
    let ctx = t.system();
    let now = t.app.db.read(move |c| cases::for_platform(c, &ctx, case.id)).await.unwrap();
    assert_eq!(now.rev, before + 1);
});

both!(what_is_asked_in_between_does_not_part_it, async |t| {
    let id = Id::random();
    let ctx = t.system();
    let given_up = t.app.db.write(move |c| {
        note(c, &ctx, id, "job.again")?;
        // A question about something else, and one that has the entry written.
        cloudmart::identity::departments(c)?;
        assert_eq!(audit::of_object(c, id)?.len(), 1);
        note(c, &ctx, id, "mail.again")?;
        cloudmart::identity::departments(c)?;
        Err::<(), _>(Error::conflict("case-moved"))
    });
    assert!(given_up.await.is_err());
    assert!(actions(t, id).await.is_empty(), "what was written in between is given up too");
});
