//! What templates may call.
//!
//! | helper | gives |
//! |---|---|
//! | `{{t "key" name=value}}` | a text, escaped with its arguments; `{{t (concat "state-" v.state)}}` |
//! | `{{tx text}}` | a text of the catalogue (`{zh, en}`) in the page's language |
//! | `{{minute ts}}` `{{day ts-or-day}}` | `2026-01-28 09:30`, `2026-01-28` in China Standard Time |
//! | `{{second ts}}` | `2026-01-28 09:30:05` |
//! | `{{money fen}}` `{{size bytes}}` | `12.34`, `1.2 MB` |
//! | `(concat a b …)` `(has list value)` | sub-expressions |
//! | `{{nth @index}}` | the place in a list, from 1 |
//! | `(under p.here "/items")` | whether the page is this path or below it, for the place in the navigation |

use fluent_bundle::FluentValue;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    ScopedJson,
};
use serde_json::Value;

use super::texts::texts;
use crate::kernel::{Fen, Lang, Ts};

pub(super) fn register(registry: &mut Handlebars<'static>) {
    registry.register_helper("t", Box::new(Translated));
    registry.register_helper("tx", Box::new(Chosen));
    registry.register_helper("minute", Box::new(minute));
    registry.register_helper("second", Box::new(second));
    registry.register_helper("day", Box::new(day));
    registry.register_helper("money", Box::new(money));
    registry.register_helper("size", Box::new(size));
    registry.register_helper("concat", Box::new(Concat));
    registry.register_helper("has", Box::new(Has));
    registry.register_helper("under", Box::new(Under));
    registry.register_helper("nth", Box::new(nth));
}

fn lang(ctx: &Context) -> Lang {
    ctx.data()["p"]["lang"].as_str().and_then(Lang::from_tag).unwrap_or_default()
}

fn first<'a>(h: &'a Helper<'_>) -> Result<&'a Value, RenderError> {
    let missing = || RenderErrorReason::ParamNotFoundForIndex("helper", 0);
    Ok(h.param(0).ok_or_else(missing)?.value())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn write(out: &mut dyn Output, text: &str) -> HelperResult {
    Ok(out.write(&handlebars::html_escape(text))?)
}

/// `t` and `tx` are values and not output, so that they are escaped once wherever they end: a title goes through the layout.
struct Translated;

impl HelperDef for Translated {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let key = first(h)?.as_str().unwrap_or_default();
        let args: Vec<(&str, FluentValue<'_>)> = h.hash().iter().map(|(k, v)| (*k, argument(v.value()))).collect();
        Ok(ScopedJson::Derived(Value::String(texts().with(lang(ctx), key, &args).into_owned())))
    }
}

fn argument(value: &Value) -> FluentValue<'static> {
    match value.as_f64() {
        Some(n) => FluentValue::from(n),
        None => FluentValue::from(plain(value)),
    }
}

struct Chosen;

impl HelperDef for Chosen {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let value = first(h)?;
        let field = |name: &str| value.get(name).and_then(Value::as_str).filter(|s| !s.is_empty());
        let chosen = match lang(ctx) {
            Lang::En => field("en").or_else(|| field("zh")),
            Lang::Zh => field("zh"),
        };
        Ok(ScopedJson::Derived(Value::String(chosen.unwrap_or_default().to_owned())))
    }
}

fn instant(value: &Value) -> Option<Ts> {
    serde_json::from_value(value.clone()).ok()
}

fn minute(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    write(out, &instant(first(h)?).map(Ts::minute).unwrap_or_default())
}

fn second(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    write(out, &instant(first(h)?).map(Ts::second).unwrap_or_default())
}

fn day(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let value = first(h)?;
    let text = match instant(value) {
        Some(ts) => ts.day().to_string(),
        None => plain(value),
    };
    write(out, &text)
}

fn money(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    write(out, &Fen(first(h)?.as_i64().unwrap_or_default()).to_string())
}

fn size(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let bytes = first(h)?.as_f64().unwrap_or_default();
    let text = match bytes {
        b if b >= 1_048_576.0 => format!("{:.1} MB", b / 1_048_576.0),
        b if b >= 1024.0 => format!("{:.0} KB", b / 1024.0),
        b => format!("{b:.0} B"),
    };
    write(out, &text)
}

fn nth(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    write(out, &(first(h)?.as_u64().unwrap_or_default() + 1).to_string())
}

struct Concat;

impl HelperDef for Concat {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let all: String = h.params().iter().map(|p| plain(p.value())).collect();
        Ok(ScopedJson::Derived(Value::String(all)))
    }
}

struct Has;

impl HelperDef for Has {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let list = h.param(0).and_then(|p| p.value().as_array());
        let wanted = h.param(1).map(|p| p.value());
        let is_there = list.is_some_and(|l| wanted.is_some_and(|w| l.contains(w)));
        Ok(ScopedJson::Derived(Value::Bool(is_there)))
    }
}

struct Under;

impl HelperDef for Under {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let here = first(h)?.as_str().unwrap_or_default();
        let path = here.split('?').next().unwrap_or_default();
        let base = h.param(1).and_then(|p| p.value().as_str()).unwrap_or_default();
        let is_under = path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        Ok(ScopedJson::Derived(Value::Bool(is_under)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(template: &str, data: Value) -> String {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        register(&mut registry);
        registry.register_partial("frame", "<title>{{title}}</title>").unwrap();
        registry.render_template(template, &data).unwrap()
    }

    #[test]
    fn texts_are_escaped_once_wherever_they_end() {
        let data = serde_json::json!({"p": {"lang": "en"}, "name": {"zh": "犬", "en": "Dog's & <cat>"}});
        let once = "Dog&#x27;s &amp; &lt;cat&gt;";
        assert_eq!(rendered("{{tx name}}", data.clone()), once);
        assert_eq!(rendered("{{#> frame title=(tx name)}}{{/frame}}", data), format!("<title>{once}</title>"));
    }

    #[test]
    fn no_helper_lets_markup_through() {
        let evil = "<script>alert('1')</script>";
        let data =
            serde_json::json!({"p": {"lang": "en"}, "evil": evil, "text": {"zh": evil, "en": evil}, "list": [evil]});
        for template in [
            "{{t evil}}",
            "{{t \"field-text-long\" value=evil}}",
            "{{t (concat evil \"-\" evil)}}",
            "{{tx text}}",
            "{{minute evil}}",
            "{{day evil}}",
            "{{money evil}}",
            "{{size evil}}",
            "{{concat \"<script>\" evil}}",
            "{{has list evil}}",
            "{{under evil evil}}",
            "{{evil}}",
            "{{#> frame title=(concat evil evil)}}{{/frame}}",
        ] {
            let page = rendered(template, data.clone());
            assert!(!page.contains("<script") && !page.contains("('1'"), "{template}: {page}");
        }
    }

    #[test]
    fn a_place_is_under_its_path_alone() {
        for (here, wanted) in [("/items", "y"), ("/items?q=1", "y"), ("/items/x", "y"), ("/itemsx", "n"), ("/", "n")] {
            let page = rendered("{{#if (under h \"/items\")}}y{{else}}n{{/if}}", serde_json::json!({"h": here}));
            assert_eq!(page, wanted, "{here}");
        }
    }
}
