//! The frame around a page and the parts in it, without copying what the page shows.
//!
//! | helper | gives |
//! |---|---|
//! | `{{#layout page_title=… page_kind=… page_wrap=…}}…{{/layout}}` | the page: `layout.hbs` around what stands in it; `page_hero="…"` names a template above the main column |
//! | `{{include "partials/x"}}` | that template, as if it stood here |
//! | `{{part "partials/x" a=… b=…}}` | that template by itself: it sees `p` and what is given; a second value that is an object gives its fields |
//!
//! Handlebars' own `{{> x}}` copies the whole context at each use and again at each look into it: a list of 100 rows took 8 ms, and two
//! thirds of that went into copies.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    Renderable, StringOutput,
};
use serde_json::{Map, Value};

pub(super) fn register(registry: &mut Handlebars<'static>) {
    registry.register_helper("layout", Box::new(Layout));
    registry.register_helper("include", Box::new(Include));
    registry.register_helper("part", Box::new(part));
}

fn named<'a>(h: &'a Helper<'_>) -> Result<&'a str, RenderError> {
    let name = h.param(0).and_then(|p| p.value().as_str());
    name.ok_or_else(|| RenderErrorReason::ParamNotFoundForIndex("part", 0).into())
}

/// What a template of its own sees: the frame and what the helper was given.
fn given(h: &Helper<'_>, ctx: &Context) -> Map<String, Value> {
    let mut all = match h.param(1).map(|p| p.value()) {
        Some(Value::Object(fields)) => fields.clone(),
        _ => Map::new(),
    };
    all.extend(h.hash().iter().map(|(name, value)| ((*name).to_owned(), value.value().clone())));
    all.insert("p".into(), ctx.data()["p"].clone());
    all
}

fn include<'reg: 'rc, 'rc>(
    name: &str,
    registry: &'reg Handlebars<'reg>,
    ctx: &'rc Context,
    rc: &mut RenderContext<'reg, 'rc>,
    out: &mut dyn Output,
) -> HelperResult {
    let template = registry.get_template(name);
    let template = template.ok_or_else(|| RenderErrorReason::TemplateNotFound(name.to_owned()))?;
    template.render(registry, ctx, rc, out)
}

struct Layout;

impl HelperDef for Layout {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let mut all = given(h, ctx);
        let mut content = StringOutput::new();
        if let Some(inner) = h.template() {
            inner.render(registry, ctx, rc, &mut content)?;
        }
        let mut hero = StringOutput::new();
        if let Some(name) = h.hash_get("page_hero").and_then(|v| v.value().as_str()) {
            include(name, registry, ctx, rc, &mut hero)?;
        }
        all.insert("page_content".into(), Value::String(content.into_string()?));
        all.insert("page_hero".into(), Value::String(hero.into_string()?));
        let whole = Context::from(Value::Object(all));
        Ok(out.write(&registry.render_with_context("layout", &whole)?)?)
    }
}

struct Include;

impl HelperDef for Include {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        include(named(h)?, registry, ctx, rc, out)
    }
}

fn part(
    h: &Helper<'_>,
    registry: &Handlebars<'_>,
    ctx: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let whole = Context::from(Value::Object(given(h, ctx)));
    Ok(out.write(&registry.render_with_context(named(h)?, &whole)?)?)
}
