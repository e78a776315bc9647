//! A form that was refused tells all that is wrong with it at once, each at its field, with a summary.

use super::made;

const HYGIENE: &str = "public-place-hygiene-licence";

both!(the_approval_desk_tells_all_faults_at_once, async |t| {
    let case = made::accepted(t, HYGIENE).await;
    let (handler, to) = (t.staff("wsjk.handler").await, format!("/desk/cases/{}", case.id));
    let rev = case.rev.to_string();
    let step = [("rev", rev.as_str()), ("step", "handle")];
    let send = async |fields: &[(&str, &str)]| handler.post(&to, &[&step, fields].concat()).await;
    let page = send(&[]).await;
    page.is(422).has("有 2 处需要修改").has("id=\"choice-error\"").has("id=\"opinion-error\"");
    let page = send(&[("choice", "refused"), ("reason", "不行")]).await;
    page.is(422).has("有 2 处需要修改").has("id=\"reason-error\"").has("id=\"opinion-error\"").has("不行");
    let page = send(&[("choice", "refused"), ("sure", "1")]).await;
    page.is(422).has("id=\"reason-error\"").has("id=\"opinion-error\"");
    send(&[("choice", "granted"), ("opinion", "材料齐全")]).await.ok().at(&to);
    // The step is done: its faults have no place any more.
    send(&[]).await.is(409).has("您刚才的操作没有生效").lacks("id=\"choice-error\"");
});

both!(a_change_of_password_tells_all_faults_at_once, async |t| {
    let linyue = t.citizen("linyue").await;
    let page = linyue.post("/account/password", &[("old", "wrong-one"), ("password", "x"), ("repeated", "y")]).await;
    page.is(422)
        .has("有 3 处需要修改")
        .has("原密码不对，请重新输入")
        .has("id=\"password-error\"")
        .has("id=\"repeated-error\"");
    let page = linyue.post("/account/password", &[("password", "x"), ("repeated", "x")]).await;
    page.is(422).has("有 2 处需要修改").has("请填写原密码").lacks("id=\"repeated-error\"");
    let handler = t.staff("wsjk.handler").await;
    let fields = [("old", "wrong-one"), ("password", "x"), ("repeated", "y")];
    let page = handler.post("/staff/security/password", &fields).await;
    page.is(422)
        .has("有 3 处需要修改")
        .has("原密码不对，请重新输入")
        .has("id=\"password-error\"")
        .has("id=\"repeated-error\"");
    let page = handler.post("/staff/security/password", &[("password", "x")]).await;
    page.is(422).has("有 3 处需要修改").has("id=\"old-error\"").has("id=\"repeated-error\"");
});
