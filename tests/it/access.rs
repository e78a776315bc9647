//! Every route of `src/web/mod.rs`, for everybody: who may not come in does not, and what is somebody else's is not there.
//!
//! The routes are read from the source, so that a new one is tested by itself. What a test cannot know is said here: who may open a
//! place ([`AREAS`]), and what stands for the parameters of its path ([`Things`]).

use std::collections::BTreeMap;

use cloudmart::cases;
use cloudmart::kernel::Actor;
use reqwest::Method;

use super::harness::{Browser, Seen, TestApp};
use super::made::{self, FOOD, HYGIENE};
use super::source::sources;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Anyone,
    Citizen,
    Clerk,
    Officer,
    Keeper,
    Supervisor,
    Admin,
    Security,
    Auditor,
}

use Who::{Admin, Anyone, Auditor, Citizen, Clerk, Keeper, Officer, Security, Supervisor};

const ALL: &[Who] = &[Anyone, Citizen, Clerk, Officer, Keeper, Supervisor, Admin, Security, Auditor];
const STAFF: &[Who] = &[Clerk, Officer, Keeper, Supervisor, Admin, Security, Auditor];

/// Who may open what lies under a path. The longest that fits counts.
const AREAS: &[(&str, &[Who])] = &[
    ("/", ALL),
    ("/items", ALL),
    ("/relevant", ALL),
    ("/topics", ALL),
    ("/kept", ALL),
    ("/halls", ALL),
    ("/papers", ALL),
    ("/language", ALL),
    ("/login", ALL),
    ("/register", ALL),
    ("/logout", ALL),
    ("/session", ALL),
    ("/static", ALL),
    ("/progress", ALL),
    ("/account", &[Citizen]),
    ("/my", &[Citizen]),
    ("/declare", &[Citizen]),
    ("/staff/login", ALL),
    ("/staff/security", STAFF),
    ("/work", STAFF),
    ("/hall", &[Clerk]),
    ("/desk", &[Officer]),
    ("/catalogue", &[Keeper]),
    ("/supervise", &[Supervisor]),
    ("/admin", &[Admin]),
    ("/security", &[Security]),
    ("/audit", &[Auditor]),
];

fn may(path: &str) -> &'static [Who] {
    let is_below = |area: &str| path == area || path.strip_prefix(area).is_some_and(|rest| rest.starts_with('/'));
    let fitting = AREAS.iter().filter(|(area, _)| is_below(area)).max_by_key(|(area, _)| area.len());
    fitting.unwrap_or_else(|| panic!("say in AREAS of tests/it/access.rs who may open {path}")).1
}

/// What is on the platform, to stand for the parameters of paths: the beginning of a path, the parameter, and its value.
struct Things(Vec<(&'static str, &'static str, String)>);

impl Things {
    async fn of(t: &TestApp) -> Self {
        let at_hall = made::submitted(t, FOOD).await;
        let at_desk = made::accepted(t, HYGIENE).await;
        let ended = made::granted_at_desk(t, HYGIENE, made::HEALTH).await;
        let sent = made::accepted(t, FOOD).await;
        let correcting = made::correcting(t, FOOD).await;
        made::endpoint(t, made::MARKET, "http://market.example/events").await;
        let (draft, person) = (made::draft(t, FOOD).await, made::as_person(t, &made::declarer(FOOD)).await);
        let draft = t.app.db.read(move |c| cases::mine(c, &person, draft)).await.unwrap();
        let notice = async |case| made::notices(t, case).await.remove(0).id.to_string();
        let template = made::elements(t, FOOD).materials.iter().find_map(|m| m.blank.clone().or(m.sample.clone()));
        let entry = t.app.db.read(move |c| cloudmart::audit::of_object(c, at_hall.id.0)).await.unwrap().remove(0).id;
        let dispatch = made::dispatches(t, made::MARKET).await.remove(0).id.to_string();
        let all = [
            ("/items", "slug", FOOD.to_owned()),
            ("/items", "name", template.unwrap_or_default()),
            ("/catalogue/topics", "key", "open-restaurant".into()),
            ("/catalogue/basic", "code", "000131001000".into()),
            ("/catalogue/codes", "set", "item_type".into()),
            ("/catalogue/codes", "code", "01".into()),
            ("/catalogue/facts", "key", "person.name".into()),
            ("/catalogue/topics", "no", "1".into()),
            ("/topics", "key", "open-restaurant".into()),
            ("/relevant", "id", draft.version_id.to_string()),
            ("/account/acting", "id", made::mandate(t, &made::declarer(FOOD)).await.to_string()),
            ("/account/faces", "id", made::face(t, &made::declarer(FOOD)).await.to_string()),
            ("/halls", "code", "H01".into()),
            ("/papers", "name", "id-card-sample.jpg".into()),
            ("/static", "path", "css/app.css".into()),
            ("/declare", "slug", FOOD.into()),
            ("/declare/drafts", "id", draft.id.to_string()),
            ("/declare/drafts", "file", file_of(t, &draft).await),
            ("/declare/drafts/{id}/done", "id", at_hall.id.to_string()),
            ("/my/cases/{id}/correction", "id", correcting.id.to_string()),
            ("/my/cases", "id", sent.id.to_string()),
            ("/my/cases", "file", file_of(t, &sent).await),
            ("/my/cases", "notice", notice(&sent).await),
            ("/hall/cases", "id", at_hall.id.to_string()),
            ("/hall/cases", "file", file_of(t, &at_hall).await),
            ("/hall/cases/{id}/receipt", "id", made::at_window(t, FOOD).await.id.to_string()),
            ("/hall/cases/{id}/notices", "id", sent.id.to_string()),
            ("/hall/cases", "notice", notice(&sent).await),
            ("/desk/cases", "id", at_desk.id.to_string()),
            ("/desk/cases", "file", file_of(t, &at_desk).await),
            ("/desk/cases/{id}/notices", "id", ended.id.to_string()),
            ("/desk/cases", "notice", notice(&ended).await),
            ("/supervise", "id", ended.id.to_string()),
            ("/supervise", "notice", notice(&ended).await),
            ("/hall/declare", "slug", FOOD.into()),
            ("/catalogue/items", "id", made::item(t, HYGIENE).to_string()),
            ("/catalogue/items", "no", made::revised(t, HYGIENE).await.to_string()),
            ("/catalogue/sheets", "id", made::importing(t).await.to_string()),
            ("/catalogue/changes", "id", made::revising(t, HYGIENE).await.to_string()),
            ("/catalogue/changes", "section", "materials".into()),
            ("/admin/halls", "code", "H01".into()),
            // Who may not come in hears so before anybody looks.
            ("/admin/clients", "id", cloudmart::kernel::Id::random().to_string()),
            ("/admin/departments/{id}/endpoint", "id", made::department(t, made::MARKET).to_string()),
            // Nothing was laid aside: who may not come in hears so before anybody looks.
            ("/admin/jobs", "id", cloudmart::kernel::Id::random().to_string()),
            ("/admin/staff", "id", t.staff_id("clerk.h01.1").await.to_string()),
            ("/admin/departments", "id", made::department(t, made::HEALTH).to_string()),
            ("/admin/exchange", "id", dispatch),
            ("/security/staff", "id", t.staff_id("clerk.h01.1").await.to_string()),
            ("/security/roles", "code", "clerk".into()),
            ("/security/requests", "id", made::asked(t).await.to_string()),
            ("/audit/entries", "id", entry.to_string()),
        ];
        Self(all.into_iter().collect())
    }

    /// The path with every parameter filled in.
    fn fill(&self, path: &str) -> String {
        let mut filled = path.to_owned();
        while let Some((before, rest)) = filled.split_once('{') {
            let (name, after) = rest.split_once('}').unwrap();
            let name = name.split(':').next().unwrap();
            let fits = self.0.iter().filter(|(area, n, _)| *n == name && path.starts_with(area));
            let best = fits.max_by_key(|(area, _, _)| area.len());
            let best =
                best.unwrap_or_else(|| panic!("say in Things of tests/it/access.rs what {{{name}}} of {path} is"));
            filled = format!("{before}{}{after}", best.2);
        }
        filled
    }
}

/// A material of a case, as its applicant sees it.
async fn file_of(t: &TestApp, case: &cases::Case) -> String {
    let (mut ctx, case) = (t.system(), case.clone());
    ctx.actor = Actor::Person(case.person_id.unwrap().0);
    t.app.db.read(move |c| cases::files(c, &ctx, &case)).await.unwrap().remove(0).id.to_string()
}

/// Method and path of every route of the pages.
fn routes() -> Vec<(Method, String)> {
    let source = sources().into_iter().find(|s| s.path == "src/web/mod.rs").unwrap();
    let mut all = vec![];
    for rest in source.code.split(".route(").skip(1) {
        let path = rest.split('"').nth(1).unwrap();
        let method = rest.split('"').nth(2).unwrap().trim_start_matches([',', ' ']).trim_start_matches("web::");
        let method = method.split('(').next().unwrap().to_uppercase();
        all.push((method.parse().unwrap(), path.to_owned()));
    }
    assert!(all.len() > 30 && all.iter().any(|(m, _)| *m == Method::POST), "{all:?}");
    all
}

async fn browser(t: &TestApp, who: Who) -> Browser {
    match who {
        Anyone => t.anyone(),
        // Who declared the cases.
        Citizen => t.citizen(&made::declarer(FOOD)).await,
        Clerk => t.clerk().await,
        Officer => t.officer(made::HEALTH, cloudmart::kernel::Permission::Handle).await,
        Keeper => t.staff("catalogue.editor").await,
        Supervisor => t.supervisor().await,
        Admin => t.admin().await,
        Security => t.staff("security.1").await,
        Auditor => t.auditor().await,
    }
}

/// One request; a form is sent with its token, and nothing else in it.
async fn ask(browser: &Browser, method: &Method, path: &str) -> Vec<Seen> {
    if *method == Method::GET {
        return vec![browser.get_once(path).await];
    }
    let token = browser.token().await;
    vec![browser.send_once(path, &[("_csrf", &token)]).await, browser.upload_once(path, &[("_csrf", &token)]).await]
}

fn is_door(seen: &Seen) -> bool {
    let to = seen.header("location").unwrap_or_default();
    seen.status == 303 && (to.starts_with("/login?") || to.starts_with("/staff/login?"))
}

both!(nobody_comes_in_who_may_not, async |t| {
    let things = Things::of(t).await;
    let mut wrong = vec![];
    for who in ALL {
        let browser = browser(t, *who).await;
        for (method, route) in routes() {
            let (path, allowed) = (things.fill(&route), may(&route).contains(who));
            if allowed {
                continue;
            }
            for seen in ask(&browser, &method, &path).await {
                // A form that the handler cannot read at all may be refused for that: nothing was done and nothing shown.
                let unread = method == Method::POST && seen.status == 422 && is_unread(&seen);
                let refused = unread
                    || match who {
                        Anyone => is_door(&seen) || asks_who(&seen),
                        _ => matches!(seen.status, 403 | 404),
                    };
                if !refused {
                    wrong.push(format!("{who:?} {method} {route}: {}", seen.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "these came in:\n  {}", wrong.join("\n  "));
});

/// What was typed comes back after the end of a session, with a login beside it.
fn asks_who(seen: &Seen) -> bool {
    seen.status == 422 && seen.text.contains("autocomplete=\"username\"") && seen.text.contains("type=\"password\"")
}

/// The body had another shape than the handler reads.
fn is_unread(seen: &Seen) -> bool {
    seen.text.contains(&*cloudmart::render::texts().get(cloudmart::kernel::Lang::Zh, "error-form-unreadable"))
}

both!(everybody_comes_in_who_may, async |t| {
    let things = Things::of(t).await;
    let mut wrong = vec![];
    for who in ALL {
        let browser = browser(t, *who).await;
        for (_, route) in routes().into_iter().filter(|(m, _)| *m == Method::GET) {
            if !may(&route).contains(who) || STREAMS.contains(&route.as_str()) {
                continue;
            }
            let path = things.fill(&route);
            let seen = browser.get_once(&path).await;
            // A page may lead on: to the place of one's own work, or back from a step that is over.
            let fine = seen.status == 200 || (matches!(seen.status, 302 | 303) && !is_door(&seen));
            if !fine && !NEEDS_MORE.contains(&route.as_str()) {
                wrong.push(format!("{who:?} {path}: {}", seen.status));
            }
        }
    }
    assert!(wrong.is_empty(), "these did not come in:\n  {}", wrong.join("\n  "));
});

/// These never end.
const STREAMS: &[&str] = &["/supervise/live"];

/// These answer something else than a page to a request that brings nothing.
const NEEDS_MORE: &[&str] = &[
    "/session/stay",
    "/catalogue/export",
    "/account/step-up",
    // There is no provider of identities in these tests: those of it are in `province`.
    "/login/province",
    "/login/province/back",
    "/login/province/new",
    "/account/province",
    "/account/province/send",
];

/// All who keep items read these; who may not write them is told so.
const SHARED: &[&str] = &["/catalogue/basic"];

both!(what_is_somebody_elses_is_not_there, async |t| {
    let things = Things::of(t).await;
    let others: BTreeMap<&str, Browser> = [
        ("/account/acting", t.citizen("hezimo").await),
        ("/account/faces", t.citizen("hezimo").await),
        ("/my", t.citizen("hezimo").await),
        ("/declare/drafts", t.citizen("hezimo").await),
        ("/catalogue", t.staff("scjg.editor").await),
        ("/hall/cases", t.staff("clerk.h02.1").await),
        ("/desk/cases", t.staff("jyj.handler").await),
    ]
    .into_iter()
    .collect();
    let mut wrong = vec![];
    let mut count = 0;
    for (method, route) in routes() {
        let area = others.iter().find(|(area, _)| route.starts_with(**area) && route.contains('{'));
        let Some((_, browser)) = area.filter(|_| !SHARED.iter().any(|s| route.starts_with(s))) else { continue };
        let path = things.fill(&route);
        for seen in ask(browser, &method, &path).await {
            count += 1;
            if seen.status != 404 && !is_unread(&seen) {
                wrong.push(format!("{method} {path}: {}", seen.status));
            }
        }
    }
    assert!(count > 3, "{count}");
    assert!(wrong.is_empty(), "others' things are there:\n  {}", wrong.join("\n  "));
});

both!(a_form_without_its_token_does_nothing, async |t| {
    let things = Things::of(t).await;
    let mut wrong = vec![];
    for (method, route) in routes().into_iter().filter(|(m, _)| *m != Method::GET) {
        let who = *may(&route).iter().find(|w| **w != Anyone).unwrap();
        let (browser, path) = (browser(t, who).await, things.fill(&route));
        for seen in [browser.send_once(&path, &[]).await, browser.send_once(&path, &[("_csrf", "x")]).await] {
            let comes_back = seen.status == 422 || seen.status == 409;
            if seen.status != 403 && !comes_back {
                wrong.push(format!("{who:?} {method} {route}: {}", seen.status));
            }
        }
        let elsewhere = browser.request(method.clone(), &path).header("sec-fetch-site", "cross-site");
        let kind = "application/x-www-form-urlencoded";
        let answer = elsewhere.header("content-type", kind).body("a=b").send().await.unwrap();
        if answer.status() != 403 {
            wrong.push(format!("{method} {route} from another site: {}", answer.status()));
        }
    }
    assert!(wrong.is_empty(), "these were taken:\n  {}", wrong.join("\n  "));
});
