//! Where an item is done: the halls that do the function needed.

use cloudmart::windows::{self, Function};

use crate::made::{self, FOOD};

both!(a_guide_lists_the_halls_that_do_what_is_needed, async |t| {
    let anyone = t.anyone();
    let path = format!("/items/{FOOD}");
    let all = anyone.get(&path).await;
    all.ok().has("我要").has("领取结果").has("兰渚区").lacks("您的区");
    let at = |seen: &crate::harness::Seen, code: &str| {
        seen.text.find(&format!("href=\"/halls/{code}\"")).unwrap_or_else(|| panic!("{code} is not there"))
    };
    assert!(at(&all, "H01") < at(&all, "H02") && at(&all, "H02") < at(&all, "H03"));
    let own = anyone.get(&format!("{path}?district=980104000000")).await;
    own.ok().has("您的区");
    assert!(at(&own, "H03") < at(&own, "H01") && at(&own, "H01") < at(&own, "H02"));
    anyone.get(&format!("{path}?district=nowhere&for=nothing")).await.ok().lacks("您的区").has("/halls/H01");

    // What a hall was not granted it is not listed for.
    let (admin, item) = (made::as_staff(t, "admin").await, made::item(t, FOOD));
    let books = t.app.books();
    t.app
        .db
        .write(move |c| {
            let hall = windows::hall_by_code(c, "H02")?.id;
            let kept = windows::grants_of_hall(c, hall)?;
            let fewer = kept.into_iter().filter(|(i, f)| *i != item || *f == Function::HandOut).collect();
            cloudmart::flows::grant(c, &admin, &books, hall, &fewer)
        })
        .await
        .unwrap();
    anyone.get(&path).await.ok().has("/halls/H01").lacks("href=\"/halls/H02\"");
    anyone.get(&format!("{path}?for=hand_out")).await.ok().has("href=\"/halls/H02\"");
});
