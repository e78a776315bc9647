//! Every view, every sample, both languages, whoever looks: rendered in strict mode and read as a browser would.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use cloudmart::kernel::{Lang, Permission};
use cloudmart::render::{Frame, Pages, View, Visitor};

use super::source::{files, root, sources, strings};

/// A page as it was rendered: the view, its sample, the language, the visitor, and the HTML.
struct Rendered {
    what: String,
    html: String,
}

/// All views of the program. A view that is not here fails [`every_view_is_listed`].
macro_rules! views {
    ($($view:path),+ $(,)?) => {
        /// Their names as they stand in the source.
        fn listed() -> Vec<(String, &'static str)> {
            vec![$((path_of(stringify!($view)), <$view as View>::TEMPLATE)),+]
        }

        /// All pages, rendered once.
        fn all() -> &'static [Rendered] {
            static ALL: OnceLock<Vec<Rendered>> = OnceLock::new();
            ALL.get_or_init(|| {
                let pages = Pages::load().unwrap();
                let mut all = vec![];
                $(render::<$view>(&pages, stringify!($view), &mut all);)+
                all
            })
        }
    };
}

views!(
    cloudmart::web::admin::clients::Clients,
    cloudmart::web::admin::clients::ClientSecret,
    cloudmart::web::admin::departments::Departments,
    cloudmart::web::admin::departments::Edit,
    cloudmart::web::admin::endpoint::Edit,
    cloudmart::web::admin::endpoint::Secret,
    cloudmart::web::admin::exchange::DispatchPage,
    cloudmart::web::admin::exchange::Dispatches,
    cloudmart::web::admin::exchange::Inbox,
    cloudmart::web::admin::halls::Edit,
    cloudmart::web::admin::halls::Grants,
    cloudmart::web::admin::halls::Halls,
    cloudmart::web::admin::jobs::Jobs,
    cloudmart::web::admin::staff::StaffForm,
    cloudmart::web::admin::staff::StaffList,
    cloudmart::web::admin::staff::StaffSecret,
    cloudmart::web::audit::entry::EntryPage,
    cloudmart::web::audit::export::Export,
    cloudmart::web::audit::list::Log,
    cloudmart::web::audit::seals::Seals,
    cloudmart::web::passkeys::own::MakePasskey,
    cloudmart::web::public::province::NewFromProvince,
    cloudmart::web::public::province::own::LinkPage,
    cloudmart::web::passkeys::own::Passkeys,
    cloudmart::web::catalogue::basics::Entries,
    cloudmart::web::catalogue::basics::EntryPage,
    cloudmart::web::catalogue::change::Shown,
    cloudmart::web::catalogue::codes::Codes,
    cloudmart::web::catalogue::codes::One,
    cloudmart::web::catalogue::codes::Sets,
    cloudmart::web::catalogue::edit::Edit,
    cloudmart::web::catalogue::facts::FactPage,
    cloudmart::web::catalogue::facts::Facts,
    cloudmart::web::catalogue::item::Compared,
    cloudmart::web::catalogue::item::Item,
    cloudmart::web::catalogue::list::Changes,
    cloudmart::web::catalogue::list::Items,
    cloudmart::web::catalogue::new::New,
    cloudmart::web::catalogue::report::Report,
    cloudmart::web::catalogue::sheets::Sheets,
    cloudmart::web::catalogue::synonyms::Word,
    cloudmart::web::catalogue::synonyms::Words,
    cloudmart::web::catalogue::taking::Taking,
    cloudmart::web::citizen::declare::confirm::Confirm,
    cloudmart::web::citizen::declare::done::Done,
    cloudmart::web::citizen::declare::form::FormPage,
    cloudmart::web::citizen::declare::materials::MaterialsPage,
    cloudmart::web::citizen::declare::resume::Resume,
    cloudmart::web::citizen::declare::review::Review,
    cloudmart::web::citizen::declare::start::Start,
    cloudmart::web::citizen::my::case::CasePage,
    cloudmart::web::citizen::my::case::Declaration,
    cloudmart::web::citizen::my::correction::CorrectionPage,
    cloudmart::web::citizen::my::favourites::Favourites,
    cloudmart::web::public::acting::Acting,
    cloudmart::web::public::acting::add::Add,
    cloudmart::web::public::acting::agents::Agents,
    cloudmart::web::public::acting::end::End,
    cloudmart::web::public::assurance::Verify,
    cloudmart::web::public::code::AskCode,
    cloudmart::web::public::code::ChoosePassword,
    cloudmart::web::public::code::EnterCode,
    cloudmart::web::public::assurance::face::FacePage,
    cloudmart::web::public::guidance::item::Situation,
    cloudmart::web::catalogue::topic_history::TopicCompared,
    cloudmart::web::catalogue::topics::Topics,
    cloudmart::web::catalogue::topics::TopicPage,
    cloudmart::web::public::guidance::topic::Topics,
    cloudmart::web::public::guidance::topic::TopicPage,
    cloudmart::web::citizen::my::list::Mine,
    cloudmart::web::citizen::my::messages::Messages,
    cloudmart::web::citizen::my::progress::Progress,
    cloudmart::web::citizen::my::withdraw::Withdraw,
    cloudmart::web::error::NotFound,
    cloudmart::web::hall::case::CasePage,
    cloudmart::web::hall::confirm::Confirm,
    cloudmart::web::hall::declare::Choose,
    cloudmart::web::hall::declare::Form,
    cloudmart::web::hall::identity::IdentityPage,
    cloudmart::web::hall::list::Hall,
    cloudmart::web::hall::receipt::Receipt,
    cloudmart::web::notice::NoticePage,
    cloudmart::web::officer::act::Confirm,
    cloudmart::web::officer::case::CasePage,
    cloudmart::web::officer::list::Desk,
    cloudmart::web::public::guide::Guide,
    cloudmart::web::public::halls::HallPage,
    cloudmart::web::public::halls::Halls,
    cloudmart::web::public::home::Home,
    cloudmart::web::public::items::Items,
    cloudmart::web::public::login::Login,
    cloudmart::web::public::looks::Looks,
    cloudmart::web::public::me::Account,
    cloudmart::web::public::own_data::Closing,
    cloudmart::web::public::own_data::OwnData,
    cloudmart::web::public::register::RegisterPage,
    cloudmart::web::security::requests::Requests,
    cloudmart::web::security::roles::RoleForm,
    cloudmart::web::security::roles::RoleList,
    cloudmart::web::security::staff::Member,
    cloudmart::web::security::staff::MemberList,
    cloudmart::web::security::staff::Rights,
    cloudmart::web::staff::login::StaffLogin,
    cloudmart::web::staff::renew::Confirm,
    cloudmart::web::staff::renew::Replace,
    cloudmart::web::staff::security::Security,
    cloudmart::web::staff::steps::BindPage,
    cloudmart::web::staff::steps::ChoosePage,
    cloudmart::web::staff::steps::Codes,
    cloudmart::web::staff::steps::FactorPage,
    cloudmart::web::supervise::board::Board,
    cloudmart::web::supervise::case::CasePage,
    cloudmart::web::supervise::list::List,
    cloudmart::work::mails::Html,
    cloudmart::work::mails::Plain,
);

fn path_of(stringified: &str) -> String {
    stringified.replace(' ', "").trim_start_matches("cloudmart::").to_owned()
}

/// What somebody might call themselves.
const HOSTILE: &str = "<script>alert(\"1\")</script>'&";

fn visitors() -> Vec<Visitor> {
    let person = Visitor {
        kind: "person",
        name: HOSTILE.into(),
        csrf: "token".into(),
        session_seconds: 1800,
        unread: 120,
        ..Visitor::default()
    };
    let permissions = Permission::ALL.into_iter().map(Permission::code).collect();
    let staff = Visitor { kind: "staff", permissions, unread: 0, ..person.clone() };
    vec![Visitor { kind: "anyone", ..Visitor::default() }, person, staff]
}

fn render<V: View>(pages: &Pages, name: &str, all: &mut Vec<Rendered>) {
    let samples = V::samples();
    assert!(!samples.is_empty(), "{name} has no samples");
    for (at, sample) in samples.iter().enumerate() {
        for lang in Lang::ALL {
            for visitor in visitors() {
                let what = format!("{} {at} in {} for {}", path_of(name), lang.tag(), visitor.kind);
                let here = format!("/items?q={HOSTILE}");
                let frame = Frame { here, visitor, ..Frame::sample(lang) };
                let html = pages.render(&frame, sample).unwrap_or_else(|e| panic!("{what}: {e:?}"));
                all.push(Rendered { what, html });
            }
        }
    }
}

/// Looks at every page, and fails with all that was found, once a place.
#[track_caller]
fn look(rule: &str, see: impl Fn(&str) -> Vec<String>) {
    let mut found = BTreeMap::new();
    for page in all() {
        for fault in see(&page.html) {
            let view = page.what.split(' ').next().unwrap();
            found.entry((view, fault)).or_insert(&page.what);
        }
    }
    let lines: Vec<String> = found.into_iter().map(|((_, fault), what)| format!("{what}: {fault}")).collect();
    assert!(lines.is_empty(), "{rule}:\n  {}", lines.join("\n  "));
}

#[test]
fn every_view_is_listed() {
    let mut written = vec![];
    for source in sources().iter().filter(|s| !s.is_test) {
        for rest in
            source.bare.split("impl View for ").skip(1).chain(source.bare.split("impl render::View for ").skip(1))
        {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let module =
                source.path["src/".len()..].trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
            written.push(format!("{module}::{name}"));
        }
    }
    let listed: BTreeSet<String> = listed().into_iter().map(|(name, _)| name).collect();
    let written: BTreeSet<String> = written.into_iter().collect();
    let missing: Vec<_> = written.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&written).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "add to views! in tests/it/templates.rs: {missing:?}; take out: {gone:?}"
    );
}

#[test]
fn every_template_is_used() {
    let mut used: BTreeSet<String> = listed().into_iter().map(|(_, template)| template.to_owned()).collect();
    used.insert("layout".into());
    let templates = files("templates", ".hbs");
    for (path, text) in &templates {
        let named =
            |call: &str| text.split(call).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        let named: [Vec<String>; 3] = ["{{include \"", "{{part \"", "page_hero=\""].map(named);
        for name in named.into_iter().flatten() {
            // A partial that names itself in the comment at its head is not used by that.
            if *path != format!("templates/{name}.hbs") {
                used.insert(name);
            }
        }
    }
    for source in sources().iter().filter(|s| !s.is_test) {
        used.extend(strings(&source.code).into_iter().map(str::to_owned));
    }
    let names = templates.iter().map(|(path, _)| path["templates/".len()..].trim_end_matches(".hbs"));
    let left: Vec<&str> = names.filter(|name| !used.contains(*name)).collect();
    assert!(left.is_empty(), "nobody uses these templates: {left:?}");
}

#[test]
fn no_text_is_missing_on_any_page() {
    look("texts", |html| {
        let is_key =
            |t: &&str| t.contains('-') && t.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let missing = html.split('[').skip(1).filter_map(|part| part.split_once(']')).map(|(t, _)| t).filter(is_key);
        let unfilled = html.split("{$").skip(1).map(|part| part.split('}').next().unwrap());
        missing.chain(unfilled).map(str::to_owned).collect()
    });
}

#[test]
fn nothing_that_was_typed_becomes_markup() {
    look("unescaped", |html| {
        let found = html.match_indices("<script>").chain(html.match_indices("alert(\"1"));
        found.map(|(at, _)| html[at..].chars().take(60).collect()).collect()
    });
}

#[test]
fn pages_keep_to_their_own_policy() {
    look("the policy forbids this", |html| {
        // A mail has no policy, and no style but its own.
        if !html.contains("/static/css/app.css") {
            return vec![];
        }
        let inline = [
            " style=\"",
            " onclick=",
            " onsubmit=",
            " onchange=",
            "<style",
            "javascript:",
            "src=\"http",
            "href=\"http:",
        ];
        inline.iter().filter(|what| html.contains(**what)).map(|what| (*what).to_owned()).collect()
    });
}

/// The start and end tags of a page, with what stands in them.
fn tags(html: &str) -> Vec<&str> {
    let mut found = vec![];
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            continue;
        }
        let mut quoted = false;
        let end = rest.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let Some(end) = end else { break };
        found.push(&rest[..end]);
        rest = &rest[end + 1..];
    }
    found
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

#[test]
fn every_element_is_closed_in_its_order() {
    const VOID: &[&str] = &["area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"];
    look("tags", |html| {
        // The text part of a mail is no HTML.
        if !html.contains("</") {
            return vec![];
        }
        let mut open: Vec<&str> = vec![];
        for tag in tags(html) {
            let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
            if tag.starts_with('/') {
                match open.pop() {
                    Some(last) if last == name => {}
                    last => return vec![format!("</{name}> closes {last:?}, inside {open:?}")],
                }
            } else if !VOID.contains(&name) && !tag.ends_with('/') {
                open.push(name);
            }
        }
        open.into_iter().map(|name| format!("<{name}> stays open")).collect()
    });
}

#[test]
fn what_is_referred_to_by_its_id_is_there_once() {
    look("ids", |html| {
        let tags = tags(html);
        let mut ids = BTreeSet::new();
        let mut faults = vec![];
        for id in
            tags.iter().filter_map(|tag| attribute(tag, "id")).filter(|id| !id.trim_end_matches("-hint").is_empty())
        {
            if !ids.insert(id) {
                faults.push(format!("two have the id {id:?}"));
            }
        }
        for tag in &tags {
            let many = |name| attribute(tag, name).unwrap_or_default().split_whitespace();
            let all =
                many("for").chain(many("aria-describedby")).chain(many("aria-labelledby")).chain(many("aria-controls"));
            let link = attribute(tag, "href").and_then(|to| to.strip_prefix('#'));
            for id in all.chain(link).filter(|id| !id.trim_end_matches("-hint").is_empty() && !ids.contains(*id)) {
                faults.push(format!("nothing has the id {id:?} that <{tag}> names"));
            }
        }
        faults
    });
}

#[test]
fn every_form_carries_its_token() {
    look("forms", |html| {
        let is_open = |form: &&str| form.split('>').next().unwrap().contains("method=\"post\"");
        let forms = html.split("<form").skip(1).filter(is_open).map(|f| f.split("</form>").next().unwrap());
        // Whoever comes in by a form has no session yet, and so no token.
        let forms = forms.filter(|form| !form.contains("autocomplete=\"username\""));
        let naked = forms.filter(|f| !f.contains("name=\"_csrf\" value=\"token\"") && html.contains("value=\"token\""));
        naked.map(|f| f.split('>').next().unwrap().to_owned()).collect()
    });
}

#[test]
fn static_files_that_pages_name_are_there() {
    look("static files", |html| {
        let named = html.split("\"/static/").skip(1).map(|part| part.split('"').next().unwrap());
        let path = |name: &str| name.split(['?', '#']).next().unwrap().to_owned();
        named.map(path).filter(|name| !root().join("static").join(name).is_file()).collect()
    });
}
