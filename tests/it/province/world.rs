//! The sandbox's provider of identities, beside a platform that knows it.

use cloudmart::config::Config;
use cloudmart::sandbox::{self, CLIENT, Running};

use crate::harness::{Engine, TestApp, run_with};
use crate::made;

pub struct Province {
    url: String,
    /// The platform's own address.
    base: String,
    http: reqwest::Client,
}

/// One test on each engine: `at_province!(name, async |t, province| { … })`; with settings of its own:
/// `at_province!(name, |config| …, async |t, province| { … })`.
macro_rules! at_province {
    ($name:ident, async |$t:ident, $province:ident| $body:block) => {
        $crate::province::world::at_province!($name, |_config| (), async |$t, $province| $body);
    };
    ($name:ident, |$config:ident| $set:expr, async |$t:ident, $province:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn body($t: &TestApp, $province: &Province) $body

            fn set($config: &mut cloudmart::config::Config) {
                $set
            }

            #[test]
            fn sqlite() {
                super::world::run($crate::harness::Engine::Sqlite, set, |t, p| Box::pin(body(t, p)));
            }
            #[test]
            fn postgres() {
                super::world::run($crate::harness::Engine::Postgres, set, |t, p| Box::pin(body(t, p)));
            }
        }
    };
}
pub(super) use at_province;

type Walk<'a> = std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;

pub fn run(
    engine: Engine,
    set: fn(&mut Config),
    body: impl for<'a> FnOnce(&'a TestApp, &'a Province) -> Walk<'a> + 'static,
) {
    if !engine.is_here() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outside: Running = runtime.block_on(sandbox::start(made::world())).unwrap();
    let url = outside.addresses.province_url();
    let known = url.clone();
    run_with(
        engine,
        move |config| {
            knows(config, &known);
            set(config);
        },
        |t| {
            Box::pin(async move {
                let policy = reqwest::redirect::Policy::none();
                let http = reqwest::Client::builder().redirect(policy).no_proxy().tls_certs_only([]).build().unwrap();
                body(t, &Province { url, base: t.url.clone(), http }).await;
            })
        },
    );
    runtime.block_on(outside.stop());
}

/// The platform knows the provider at this address.
pub fn knows(config: &mut Config, url: &str) {
    config.oidc.issuer = url.to_owned();
    config.oidc.client_id = CLIENT.into();
    config.oidc.client_secret = made::world().province_secret;
}

impl Province {
    /// The page on which somebody was sent there, and the choice of a name: where they are sent back to.
    pub async fn choose(&self, sent: &str, name: &str) -> String {
        assert!(sent.starts_with(&format!("{}/authorize?", self.url)), "{sent}");
        let page = self.http.get(sent).send().await.unwrap().text().await.unwrap();
        let before = page.split(&format!(">{name}")).next().unwrap();
        assert!(before.len() < page.len(), "{name} is nobody there: {page}");
        let link = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&amp;", "&");
        let back = self.http.get(format!("{}{link}", self.url)).send().await.unwrap();
        let to = back.headers()["location"].to_str().unwrap().to_owned();
        to.strip_prefix(&self.base).unwrap_or_else(|| panic!("{to} is not ours")).to_owned()
    }

    pub async fn behaves(&self, manner: &str) {
        let wish = serde_json::json!({ "behaviour": manner });
        let set = self.http.post(format!("{}/control", self.url)).json(&wish).send().await.unwrap();
        assert!(set.status().is_success(), "{manner}");
    }
}
