//! Synonyms, dictionaries and shared fields: kept on pages, and not undone by the files.

use cloudmart::catalogue::dictionaries::{self, CodeRow, FactRow, Saying, Uses};
use cloudmart::cli::seed;
use cloudmart::kernel::{Kind, Text};

use crate::made;

both!(a_word_is_added_changed_and_removed, async |t| {
    let editor = t.staff("catalogue.editor").await;
    t.anyone().get("/items?q=办滴滴证").await.ok().lacks("巡游出租汽车");
    let list = editor.get("/catalogue/words").await;
    list.ok().has("社保卡").has("添加一个说法");
    let wrong = editor.submit(&list, "/catalogue/words", &[("word", "卡"), ("means", "！")]).await;
    wrong.is(422).has("只有一个字").has("value=\"卡\"").has("aria-invalid");
    let twice = editor.submit(&list, "/catalogue/words", &[("word", "社保 卡"), ("means", "社会保障卡")]).await;
    twice.is(422).has("已经有了");
    let itself = editor.submit(&list, "/catalogue/words", &[("word", "证本本"), ("means", "证本本")]).await;
    itself.is(422).has("意思和说法一样");
    let item = t.app.books().shelf.by_slug(made::FOOD).unwrap().elements.name.zh.clone();
    let added = editor.submit(&list, "/catalogue/words", &[("word", "呱呱证"), ("means", "食品经营许可")]).await;
    added.ok().has("已保存，立即生效").has("呱呱证").has(&item);
    t.anyone().get("/items?q=办呱呱证").await.ok().has("食品经营许可");

    let address = "/catalogue/words/change";
    let one = editor.get(&format!("{address}?word=呱呱证")).await;
    one.ok().has("食品经营许可");
    let changed = editor.submit(&one, address, &[("means", "教师资格"), ("do", "save")]).await;
    changed.ok().has("教师资格");
    // Who opened it before is told, keeps what was typed, and may take it.
    let second = editor.submit(&one, address, &[("means", "残疾人证"), ("do", "save")]).await;
    second.is(409).has("别人改过").has("教师资格").has("残疾人证");
    let taken = editor.submit(&second, address, &[("means", "残疾人证"), ("do", "save")]).await;
    taken.ok().has("残疾人证");
    let other = editor.get(&format!("{address}?word=呱呱证")).await;
    editor.submit(&other, address, &[("do", "remove")]).await.ok().has("已删除");
    t.anyone().get("/items?q=办呱呱证").await.ok().lacks("残疾人证核发");
    let gone = editor.submit(&other, address, &[("means", "残疾人证"), ("do", "save")]).await;
    gone.is(409).has("别人改过或删过").has("呱呱证").has("残疾人证");
    editor.get(&format!("{address}?word=没有的说法")).await.is(404);

    // Tried on the spot, also what nothing is found for.
    editor.get("/catalogue/words?try=补社保卡").await.ok().has("补社会保障卡").has("共找到");
    editor.get("/catalogue/words?try=嗷嗷嗷嗷").await.ok().has("什么也没有找到");
});

both!(files_do_not_undo_what_people_have_changed, async |t| {
    let editor = made::as_staff(t, "catalogue.editor").await;
    let (ctx, shelf) = (editor.clone(), t.app.books().shelf);
    t.app
        .db
        .write(move |c| {
            let uses = Uses::in_force(&shelf, &Default::default())?;
            let card = dictionaries::synonym(c, &ctx, "社保卡")?;
            dictionaries::change_synonym(c, &ctx, &Saying { means: vec!["教师资格".into()], ..card })?;
            let gone = dictionaries::synonym(c, &ctx, "医保")?;
            dictionaries::remove_synonym(c, &ctx, &gone)?;
            let all = dictionaries::dictionary(c, &ctx, "licence_type")?;
            let unused = all.iter().find(|row| uses.of("licence_type", &row.code) == 0).unwrap();
            let fresh = Uses::everywhere(c, &ctx)?;
            dictionaries::remove_code(c, &ctx, "licence_type", unused, &fresh)?;
            let first = CodeRow { name: Text::new("身份证", "Identity card"), ..all[0].clone() };
            dictionaries::rename_code(c, &ctx, "licence_type", &first)?;
            dictionaries::move_code(c, &ctx, "licence_type", &first.code, false)?;
            dictionaries::add_code(c, &ctx, "licence_type", "X-1", &Text::new("新证照", "New licence"))?;
            let name = dictionaries::fact(c, &ctx, "person.name")?;
            let uses = Uses::everywhere(c, &ctx)?;
            dictionaries::change_fact(c, &ctx, &FactRow { name: Text::new("本人姓名", "Own name"), ..name }, &uses)
        })
        .await
        .unwrap();
    let state = async || {
        let ctx = editor.clone();
        let read = move |c: &mut cloudmart::db::Conn| {
            let words = dictionaries::synonyms(c, &ctx, "")?;
            Ok((words, dictionaries::dictionary(c, &ctx, "licence_type")?, dictionaries::fact(c, &ctx, "person.name")?))
        };
        t.app.db.read(read).await.unwrap()
    };
    let before = state().await;
    assert!(before.0.iter().any(|(word, means)| word == "社保卡" && means == &["教师资格"]));
    assert!(before.0.iter().all(|(word, _)| word != "医保"));
    assert_eq!(before.1[1].name.zh, "身份证");
    assert_eq!(before.1.last().unwrap().code, "X-1");
    assert_eq!(before.2.name.zh, "本人姓名");
    seed::base(&t.app).await.unwrap();
    assert_eq!(state().await, before);
    // Every process has it: the shelf is loaded again.
    assert_eq!(t.app.books().shelf.codes().name("licence_type", "X-1").zh, "新证照");
});

both!(what_is_in_use_is_not_removed, async |t| {
    let editor = t.staff("catalogue.editor").await;
    editor.get("/catalogue/codes").await.ok().has("事项类型").has("/catalogue/codes/licence_type").has("共用字段");
    let used = editor.get("/catalogue/codes/item_type/01").await;
    used.ok().has("处在用，不能删除").lacks("value=\"remove\"");
    // The button is not there; who sends it all the same is refused.
    let refused = editor.submit(&used, "/catalogue/codes/item_type/01", &[("do", "remove")]).await;
    refused.is(409).has("用到它，不能删除");
    let relied = editor.get("/catalogue/codes/audience/1").await;
    relied.ok().has("只能改名称和顺序").lacks("value=\"remove\"");
    // What entries of the basic catalogue alone name is in use, too.
    let basics = t.app.db.read(cloudmart::catalogue::basics::basics).await.unwrap();
    let shelf = t.app.books().shelf;
    let none = |code: &str| shelf.items().iter().all(|i| i.elements.item_type != code);
    let alone = basics.values().map(|b| b.item_type.clone()).find(|code| none(code)).unwrap();
    editor.get(&format!("/catalogue/codes/item_type/{alone}")).await.ok().has("处在用").lacks("value=\"remove\"");
    editor.submit(&relied, "/catalogue/codes/audience/1", &[("do", "remove")]).await.is(409);

    let list = editor.get("/catalogue/codes/item_type").await;
    list.ok().has("添加一个代码");
    let wrong = editor.submit(&list, "/catalogue/codes/item_type", &[("do", "add"), ("code", "a b")]).await;
    wrong.is(422).has("请用 1 到 20 个字母").has("value=\"a b\"").has("请填写");
    let row = [("do", "add"), ("code", "77"), ("name_zh", "试验事项"), ("name_en", "Trial item")];
    editor.submit(&list, "/catalogue/codes/item_type", &row).await.ok().has("试验事项").has("已保存");
    editor.submit(&list, "/catalogue/codes/item_type", &row).await.is(422).has("已经有了");
    let one = editor.get("/catalogue/codes/item_type/77").await;
    let names = [("do", "save"), ("name_zh", "试点事项"), ("name_en", "Pilot item")];
    editor.submit(&one, "/catalogue/codes/item_type/77", &names).await.ok().has("试点事项");
    let second = editor.submit(&one, "/catalogue/codes/item_type/77", &names).await;
    second.is(409).has("别人改过");
    editor.submit(&list, "/catalogue/codes/item_type", &[("do", "up:77")]).await.ok();
    let moved = editor.get("/catalogue/codes/item_type").await;
    assert!(moved.text.find("code.77").unwrap() < moved.text.find("code.20").unwrap_or(usize::MAX));
    let one = editor.get("/catalogue/codes/item_type/77").await;
    one.ok().has("value=\"remove\"");
    editor
        .submit(&one, "/catalogue/codes/item_type/77", &[("do", "remove")])
        .await
        .ok()
        .has("已删除")
        .lacks("试点事项");
    editor.get("/catalogue/codes/item_type/77").await.is(404);
    editor.get("/catalogue/codes/no_such_set").await.is(404);
});

both!(shared_fields_are_kept_as_codes_are, async |t| {
    let editor = t.staff("catalogue.editor").await;
    let list = editor.get("/catalogue/facts").await;
    list.ok().has("person.name").has("个事项");
    let wrong = editor.submit(&list, "/catalogue/facts", &[("key", "Person"), ("kind", "nothing")]).await;
    wrong.is(422).has("中间一个点").has("请选择");
    let row = [
        ("key", "person.shoe_size"),
        ("name_zh", "鞋码"),
        ("name_en", "Shoe size"),
        ("kind", "number"),
        ("holder", "person"),
    ];
    editor.submit(&list, "/catalogue/facts", &row).await.ok().has("鞋码");
    let address = "/catalogue/facts/person.shoe_size";
    let one = editor.get(address).await;
    let fewer = [("do", "save"), ("name_zh", "鞋号"), ("name_en", "Shoe size"), ("kind", "text"), ("holder", "person")];
    editor.submit(&one, address, &fewer).await.ok().has("鞋号");
    editor.submit(&one, address, &fewer).await.is(409).has("别人改过");
    let one = editor.get(address).await;
    editor.submit(&one, address, &[("do", "remove")]).await.ok().lacks("鞋号");

    // What the program fills in, and what forms use, keeps its kind and stays.
    let known = editor.get("/catalogue/facts/person.name").await;
    known.ok().has("只能改名称").lacks("name=\"kind\"").lacks("value=\"remove\"");
    editor.submit(&known, "/catalogue/facts/person.name", &[("do", "remove")]).await.is(409);
    let other = [("do", "save"), ("name_zh", "姓名"), ("name_en", "Name"), ("kind", "date"), ("holder", "person")];
    editor.post("/catalogue/facts/person.name", &other).await.is(409);
    let used = editor.get("/catalogue/facts/enterprise.uscc").await;
    used.ok().has("在用：只能改名称");
    editor.submit(&used, "/catalogue/facts/enterprise.uscc", &[("do", "remove")]).await.is(409).has("表单用到它");
});

both!(a_department_does_not_write_the_citys_words, async |t| {
    let own = t.staff("scjg.editor").await;
    own.get("/catalogue/words").await.ok().has("社保卡").lacks("添加一个说法").lacks("/catalogue/words/change");
    own.get("/catalogue/codes").await.ok().lacks("/catalogue/codes/item_type");
    own.get("/catalogue/codes/item_type").await.is(404);
    own.get("/catalogue/words/change?word=社保卡").await.is(404);
    let reviewer = t.staff("catalogue.reviewer").await;
    reviewer.get("/catalogue/words").await.ok().lacks("添加一个说法");
    let ctx = made::as_staff(t, "scjg.editor").await;
    let add = move |c: &mut cloudmart::db::Conn| dictionaries::add_synonym(c, &ctx, "某说法", &["食品".into()]);
    assert_eq!(t.app.db.write(add).await.unwrap_err().kind(), Kind::Forbidden);
    let ctx = made::as_staff(t, "catalogue.reviewer").await;
    let rename = move |c: &mut cloudmart::db::Conn| dictionaries::move_code(c, &ctx, "item_type", "01", true);
    assert_eq!(t.app.db.write(rename).await.unwrap_err().kind(), Kind::Forbidden);
});
