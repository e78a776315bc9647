//! Forms as JSON Schema, out of a draft and into one.

use serde_json::{Value, json};

use crate::made::{self, FOOD};

both!(a_form_goes_out_as_a_schema_and_comes_in, async |t| {
    let editor = t.staff("catalogue.editor").await;
    let id = made::revising(t, FOOD).await;
    let section = format!("/catalogue/changes/{id}/form");
    let act = format!("{section}/schema");
    let out = editor.get(&act).await;
    let mut sent = out.ok().json();
    assert_eq!(sent["schema"]["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let page = editor.get(&section).await;
    let put = async |page: &_, body: &Value| {
        let bytes = serde_json::to_vec(body).unwrap();
        editor.submit_files(page, &act, &[], &[("schema", "f.json", &bytes)]).await
    };
    // What went out comes in as it was.
    put(&page, &sent).await.ok().has("已保存");
    let change = editor.get(&format!("/catalogue/changes/{id}")).await;
    change.ok().lacks("申报表单 ›");
    // What cannot be a form is told at the file, and the draft stays.
    let page = editor.get(&section).await;
    sent["schema"]["properties"]["nested"] = json!({ "type": "object" });
    let refused = put(&page, &sent).await;
    assert_eq!(refused.status, 422);
    refused.has("/properties/nested 不是表单能问的").has("主体业态");
    sent["schema"]["properties"]["nested"] = json!({ "type": "strin" });
    put(&page, &sent).await.is(422).has("JSON Schema 有误：/properties/nested/type");
    let broken = editor.submit_files(&page, &act, &[], &[("schema", "f.json", b"{ \"type\": ".as_slice())]).await;
    broken.is(422).has("不是正确的 JSON（1:");
    editor.submit(&page, &act, &[]).await.is(422).has("请选择要导入的文件");
    // Another's form takes its place, with the question that came.
    let other =
        json!({ "type": "object", "title": "登记", "properties": { "shop": { "type": "string", "title": "店名" } } });
    put(&page, &other).await.ok().has("店名").lacks("主体业态");
    // Whoever had the page open from before does not undo it.
    put(&page, &sent["schema"]).await.is(422);
    sent["schema"]["properties"].as_object_mut().unwrap().remove("nested");
    put(&page, &sent).await.is(409);
    editor.get(&section).await.ok().has("店名");
});
