//! Blank forms and samples: uploaded where the item is written, and downloaded by everybody.

use cloudmart::cases;
use cloudmart::kernel::Actor;

use crate::made::{self, FOOD};

/// As much of a document as tells one from something else.
const DOCX: &[u8] = b"PK\x03\x04....[Content_Types].xml....word/document.xml....";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

both!(a_blank_form_is_uploaded_published_and_downloaded, async |t| {
    let editor = t.staff("catalogue.editor").await;
    let id = made::revising(t, FOOD).await;
    let section = format!("/catalogue/changes/{id}/materials");
    let page = editor.get(&section).await;
    page.ok().has("food-operation-licence-application.pdf");
    // One file is refused and told at its place, the other is kept meanwhile.
    let files = [
        ("materials.0.blank.file", "申请书 2026.docx", DOCX),
        ("materials.1.sample.file", "样例.pdf", b"<html>".as_slice()),
    ];
    let refused = editor.submit_files(&page, &section, &[("do", "save")], &files).await;
    assert_eq!(refused.status, 422);
    refused.has("文件内容与文件名后缀不一致").has("申请书_2026.docx");
    let saved = editor.submit(&refused, &section, &[("do", "save")]).await;
    let blank = saved.ok().has("已保存").link("/papers/");
    assert!(blank.ends_with("/申请书_2026.docx"), "{blank}");
    made::published(t, id).await;

    let guide = t.anyone().get(&format!("/items/{FOOD}")).await;
    assert!(guide.ok().links().contains(&blank));
    let file = t.anyone().get(&blank).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some(WORD)));
    assert!(file.header("content-disposition").unwrap().starts_with("attachment; filename*=UTF-8''%E7%94%B3"));
    assert_eq!(file.bytes, DOCX);

    // Taken away in the next version; who has the old address still reads what an older case was told.
    let next = made::revising(t, FOOD).await;
    let section = format!("/catalogue/changes/{next}/materials");
    let page = editor.get(&section).await;
    let gone = editor.submit(&page, &section, &[("materials.0.blank.gone", "1"), ("do", "back")]).await;
    gone.ok().has("空白表格").has("<del>申请书_2026.docx</del>");
    made::published(t, next).await;
    assert!(!t.anyone().get(&format!("/items/{FOOD}")).await.links().contains(&blank));
    t.anyone().get(&blank).await.ok();
});

both!(what_is_no_paper_of_the_catalogue_is_not_read_by_its_digest, async |t| {
    let case = made::submitted(t, FOOD).await;
    let mut ctx = t.system();
    ctx.actor = Actor::Person(case.person_id.unwrap().0);
    let file = t.app.db.read(move |c| cases::files(c, &ctx, &case)).await.unwrap().remove(0);
    let hash = file.hash.hex();
    t.anyone().get(&format!("/papers/{hash}/a.pdf")).await.is(404);
    t.anyone().get(&format!("/papers/{}/a.pdf", "0".repeat(64))).await.is(404);
    for strange in ["/papers/no-such.pdf", "/papers/..%2Fitems%2Fx.json", "/papers/x/y/z.pdf", "/papers/"] {
        t.anyone().get(strange).await.is(404);
    }
    t.anyone().get("/papers/id-card-sample.jpg").await.ok();
});
