//! What every page has, whoever asks.

both!(the_front_page_stands_in_both_languages, async |t| {
    let visitor = t.anyone();
    visitor.get("/").await.ok().has("云超市").has("lang=\"zh-CN\"");
    visitor.english().get("/").await.ok().has("Cloud Supermarket").has("lang=\"en\"");
});

both!(a_page_that_is_not_there_says_what_to_do, async |t| {
    let visitor = t.anyone();
    visitor.get("/no/such/page").await.is(404).has("找不到这个页面");
});

both!(the_language_is_kept, async |t| {
    let visitor = t.anyone();
    let home = visitor.get("/").await;
    visitor.submit(&home, "/language", &[("lang", "en")]).await.ok().at("/").has("Cloud Supermarket");
});

both!(a_session_needs_its_token_in_every_form, async |t| {
    let linyue = t.citizen("linyue").await;
    linyue.get("/").await.ok().has("林");
    linyue.post_plain("/language", &[("lang", "en")]).await.is(403);
    linyue.post_plain("/language", &[("lang", "en"), ("_csrf", "x")]).await.is(403);
    linyue.post("/language", &[("lang", "en")]).await.ok();
});

both!(what_comes_from_another_site_is_refused, async |t| {
    let form = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    t.anyone().post_bytes("/language", &form, b"lang=en").await.is(403);
    let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://elsewhere.example")];
    t.anyone().post_bytes("/language", &form, b"lang=en").await.is(403);
});

both!(a_session_ends_by_idleness_and_by_age, async |t| {
    let life = t.app.lifetimes().citizens;
    let linyue = t.citizen("linyue").await;
    t.advance(life.idle - 5);
    linyue.get("/").await.ok().has("林");
    t.advance(life.idle - 5);
    linyue.get("/").await.ok().has("林");
    t.advance(life.idle + 5);
    linyue.get("/").await.ok().lacks("林");
    // However busy it is, it ends by its age.
    let busy = t.citizen("linyue").await;
    for _ in 0..life.absolute / (life.idle - 5) {
        t.advance(life.idle - 5);
        busy.get("/").await.ok().has("林");
    }
    t.advance(life.idle - 5);
    busy.get("/").await.ok().lacks("林");
    t.settle().await;
});

both!(pages_allow_nothing_from_elsewhere, async |t| {
    let page = t.anyone().get("/").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
});

both!(every_answer_says_what_it_allows, async |t| {
    let anyone = t.anyone();
    for path in ["/static/css/app.css", "/api/openapi.json", "/nowhere", "/my", "/session/stay", "/suggest?q=x"] {
        let seen = anyone.get_once(path).await;
        let policy = seen.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors"), "{path}: {policy}");
        assert_eq!(seen.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(seen.header("strict-transport-security"), None, "{path} was not asked by TLS");
    }
});

both!(
    a_platform_behind_tls_keeps_its_cookies_to_itself,
    |config| config.server.public_url = "https://cloud.example.cn".into(),
    async |t| {
        let anyone = t.anyone();
        let page = anyone.get("/login").await;
        assert_eq!(page.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
        let fields = [("name", "13800138101"), ("password", crate::harness::PASSWORD)];
        let inside = anyone.send_once("/login", &fields).await;
        let cookie = inside.header("set-cookie").unwrap();
        assert!(cookie.starts_with("__Host-cm_session="), "{cookie}");
        for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        // A cookie by the plain name, as a neighbour could set it, is none.
        let token = cookie.split(['=', ';']).nth(1).unwrap();
        let plain = t.anyone();
        plain.set_cookie("cm_session", token);
        plain.get_once("/my").await.is(303);
        let right = t.anyone();
        right.set_cookie("__Host-cm_session", token);
        right.get_once("/my").await.is(200);
    }
);

both!(a_storm_of_logins_is_told_to_come_again, async |t| {
    let places = t.app.logins.clone();
    let all = u32::try_from(places.available_permits()).unwrap();
    let taken = places.acquire_many_owned(all).await.unwrap();
    let who = t.anyone();
    let page = who.get("/login").await;
    let fields = [("name", "13800138101"), ("password", crate::harness::PASSWORD)];
    // Pages are there, and the try is not counted.
    for _ in 0..20 {
        let refused = who.submit(page.ok(), "/login", &fields).await;
        refused.is(503).has("请过几秒再试");
        assert_eq!(refused.header("retry-after"), Some("1"));
    }
    drop(taken);
    who.submit(&page, "/login", &fields).await.ok().at("/my");
});

both!(an_error_speaks_the_visitors_language, async |t| {
    let linyue = t.citizen("linyue").await;
    let nowhere = "/my/cases/0192f1c2-0000-7000-8000-000000000000";
    linyue.get(nowhere).await.is(404).has("lang=\"zh-CN\"").has("回首页");
    linyue.english().get(nowhere).await.is(404).has("lang=\"en\"");
    t.clerk().await.get("/hall/cases/nonsense").await.is(404).has("href=\"/work\"");
});

both!(who_has_to_log_in_comes_back_to_the_page_of_the_form, async |t| {
    let visitor = t.anyone();
    let here = format!("{}/my/messages?x=1", t.url);
    let request = visitor.request(reqwest::Method::POST, "/account/contact").header("referer", here);
    let answer = request
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("phone=1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["location"], "/login?back=/my/messages%3Fx%3D1");
    let elsewhere =
        visitor.request(reqwest::Method::POST, "/account/contact").header("referer", "https://a.example/my");
    let answer = elsewhere
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("phone=1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["location"], "/login?back=/");
});
