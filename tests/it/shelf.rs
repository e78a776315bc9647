//! The shelf of a process follows what others publish at the same time; files of the list come in once, whatever becomes of processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cloudmart::catalogue::imports::{self, Import, ImportId, ImportState, Wish};
use cloudmart::catalogue::sheets::{self, Reading};
use cloudmart::catalogue::{self, Ask, Shelf};
use cloudmart::flows::{self, Books};
use cloudmart::identity::grants::{self, GrantDraft};
use cloudmart::kernel::{Ctx, Ts};

use crate::harness::TestApp;
use crate::made::{self, FOOD, HYGIENE};

const EDITOR: &str = "catalogue.editor";

fn told(shelf: &Shelf) -> Vec<(String, i32, String)> {
    shelf.items().iter().map(|i| (i.elements.code.clone(), i.version_no, i.elements.name.zh.clone())).collect()
}

both!(a_shelf_misses_nothing_that_many_publish_at_once, async |t| {
    let department = made::department(t, made::MARKET);
    let stop = Arc::new(AtomicBool::new(false));
    let (app, stopped) = (t.app.clone(), stop.clone());
    let mut books = t.app.books();
    let follow = tokio::spawn(async move {
        // Once more after the last one has been published.
        let mut is_last = false;
        while !is_last {
            is_last = stopped.load(Ordering::SeqCst);
            let known = books.clone();
            if let Some(next) = app.db.read(move |c| Books::next(c, &known)).await.unwrap() {
                books = next;
            }
        }
        books
    });
    let mut writers = vec![];
    for (writer, slug) in [FOOD, HYGIENE, "sole-trader-registration", "senior-citizen-card"].into_iter().enumerate() {
        let (app, ctx, mut e) = (t.app.clone(), t.system(), made::elements(t, slug));
        writers.push(tokio::spawn(async move {
            for no in 0..12 {
                e.name.zh = format!("第{no}版第{writer}件");
                let (ctx, e) = (ctx.clone(), e.clone());
                app.db.write(move |c| catalogue::seed::items(c, &ctx, &[(department, &e)])).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    stop.store(true, Ordering::SeqCst);
    let followed = follow.await.unwrap().shelf;
    let fresh = t.app.db.read(catalogue::load_shelf).await.unwrap();
    assert_eq!(followed.stamp, fresh.stamp);
    assert_eq!(told(&followed), told(&fresh));
    let ask = Ask { text: "第11版".into(), page: 1, size: 20, ..Ask::default() };
    let slugs = |shelf: &Shelf| shelf.search(&ask).items.iter().map(|i| i.elements.slug.clone()).collect::<Vec<_>>();
    assert_eq!((slugs(&followed).len(), slugs(&followed)), (4, slugs(&fresh)));
});

/// A list of three changed items, as somebody has looked at it.
async fn wished(t: &TestApp) -> (Ctx, ImportId, Vec<u8>) {
    let mut list = "实施编码,承诺办结时限\n".to_owned();
    for slug in [FOOD, HYGIENE, made::FREIGHT] {
        list += &format!("{},2\n", made::elements(t, slug).code);
    }
    let file = t.app.files.put(list.clone().into_bytes()).await.unwrap().0.to_vec();
    let wish = Wish { name: "清单.csv".into(), file, reason: "压缩时限".into(), total: 3 };
    let ctx = made::as_staff(t, EDITOR).await;
    let by = ctx.clone();
    let id = t.app.db.write(move |c| imports::begin(c, &by, &wish)).await.unwrap();
    (ctx, id, list.into_bytes())
}

async fn now(t: &TestApp, ctx: &Ctx, id: ImportId) -> Import {
    let ctx = ctx.clone();
    t.app.db.read(move |c| imports::import(c, &ctx, id)).await.unwrap()
}

async fn lease(t: &TestApp) -> Option<imports::Leased> {
    let ctx = t.system();
    t.app.db.write(move |c| imports::lease(c, &ctx)).await.unwrap()
}

both!(a_list_goes_on_where_a_process_died, async |t| {
    let (ctx, id, bytes) = wished(t).await;
    let job = lease(t).await.unwrap();
    assert!(lease(t).await.is_none(), "one process has it");
    let shelf = t.app.books().shelf;
    let against = t.app.db.read(move |c| flows::list_against(c, shelf)).await.unwrap();
    let folder = std::path::Path::new(&t.app.config.files.folder);
    let spool = sheets::open(folder, "清单.csv", std::io::Cursor::new(bytes)).unwrap();
    let mut reading = Reading::new(spool, against);
    let batch = reading.batch(1).unwrap();
    let (by, lost) = (ctx.clone(), job.clone());
    let state = t.app.db.write(move |c| imports::go_on(c, &by, &job, &batch, (1, 0))).await.unwrap();
    assert_eq!(state, ImportState::Waiting);
    // The process is gone here. Nobody has it before its lease runs out.
    t.settle().await;
    assert_eq!(now(t, &ctx, id).await.place, 1);
    t.advance(61);
    t.settle().await;
    let done = now(t, &ctx, id).await;
    assert_eq!((done.state, done.place, done.submitted, done.under_way), (ImportState::Done, 3, 3, 0));
    // Should the first one still live, it changes nothing any more.
    let batch = reading.batch(2).unwrap();
    let by = ctx.clone();
    let late = t.app.db.write(move |c| imports::go_on(c, &by, &lost, &batch, (3, 0))).await.unwrap_err();
    assert_eq!(late.code(), "import-lost");
    assert_eq!(now(t, &ctx, id).await, done);
});

both!(a_list_that_breaks_every_process_is_given_up, async |t| {
    let (ctx, id, _) = wished(t).await;
    for _ in 0..imports::MOST_ATTEMPTS {
        assert!(lease(t).await.is_some());
        t.advance(61);
    }
    assert!(lease(t).await.is_none());
    let failed = now(t, &ctx, id).await;
    assert_eq!((failed.state, failed.error.as_deref()), (ImportState::Failed, Some("import-broken")));
    assert!(failed.ended_at.is_some_and(|at| at > Ts::default()));
    let page = t.staff(EDITOR).await.get(&format!("/catalogue/sheets/{id}")).await;
    page.ok().has("导入没有完成").has("多次处理都中断了");
    // Another one may be wished for now.
    wished(t).await;
});

both!(who_may_not_write_any_more_takes_nothing_in, async |t| {
    let (ctx, id, _) = wished(t).await;
    let staff = t.staff_id(EDITOR).await;
    let security = made::as_staff(t, "security.1").await;
    let by = security.clone();
    let member = t.app.db.read(move |c| grants::member(c, &by, staff)).await.unwrap();
    let draft = GrantDraft { roles: vec![("publisher".into(), None)], ..GrantDraft::of(&member) };
    t.app.db.write(move |c| grants::give(c, &security, staff, &draft, "")).await.unwrap();
    t.settle().await;
    let failed = now(t, &ctx, id).await;
    assert_eq!((failed.state, failed.error.as_deref(), failed.submitted), (ImportState::Failed, Some("forbidden"), 0));
});
