//! What programs do: get a token, read items, declare, follow cases.

use cloudmart::cases::State;
use cloudmart::identity::clients::{self, Create};
use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{Seen, TestApp};
use super::made::{self, FOOD, FREIGHT, MARKET, TRANSPORT};

/// A registered program.
struct Program<'a> {
    t: &'a TestApp,
    id: String,
    secret: String,
}

impl<'a> Program<'a> {
    async fn new(t: &'a TestApp, id: &str, department: Option<&str>, scopes: &[&str]) -> Self {
        let create = Create {
            client_id: id.into(),
            name: id.into(),
            department: department.map(|key| made::department(t, key)),
            scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
        };
        let ctx = t.system();
        let created = t.app.db.write(move |c| clients::create(c, &ctx, &create)).await.unwrap();
        Self { t, id: id.into(), secret: created.secret }
    }

    async fn ask_token(&self, scope: &str) -> Seen {
        let body =
            format!("grant_type=client_credentials&client_id={}&client_secret={}&scope={scope}", self.id, self.secret);
        self.t.anyone().post_bytes("/api/v1/token", &[FORM], body.as_bytes()).await
    }

    async fn token(&self) -> String {
        let seen = self.ask_token("").await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        seen.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> Seen {
        get(self.t, path, &self.token().await).await
    }

    async fn declare(&self, key: &str, body: &Value) -> Seen {
        let bearer = format!("Bearer {}", self.token().await);
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", key), JSON];
        self.t.anyone().post_bytes("/api/v1/declarations", &headers, body.to_string().as_bytes()).await
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> Seen {
        let bearer = format!("Bearer {}", self.token().await);
        let name = format!("attachment; filename=\"{name}\"");
        let headers = [("authorization", bearer.as_str()), ("content-disposition", name.as_str())];
        self.t.anyone().post_bytes("/api/v1/files", &headers, bytes).await
    }
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

async fn get(t: &TestApp, path: &str, token: &str) -> Seen {
    let browser = t.anyone();
    let request = browser.request(Method::GET, path).header("authorization", format!("Bearer {token}"));
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let bytes = answer.bytes().await.unwrap().to_vec();
    let text = String::from_utf8(bytes.clone()).unwrap_or_default();
    Seen { path: path.into(), status, headers, bytes, text }
}

#[track_caller]
fn refused(seen: &Seen, status: u16, code: &str) {
    assert_eq!((seen.status, seen.json()["code"].as_str()), (status, Some(code)), "{}", seen.text);
    assert_eq!(seen.header("content-type"), Some("application/problem+json"));
}

/// A whole declaration of the food licence, as a terminal sends it.
fn declaration(t: &TestApp) -> Value {
    let item = made::elements(t, FOOD);
    let file = |key: &String| json!({ "key": key, "file_name": format!("{key}.pdf"), "content": cloudmart::kernel::crypto::base64(made::PDF) });
    let materials: Vec<Value> = made::needed(&item).iter().map(file).collect();
    json!({
        "item": item.code,
        "hall": "H01",
        "applicant": { "kind": "1", "name": "林悦", "id_kind": "111", "id_number": "980102199204160249",
            "phone": "13800138101", "address": "云川市兰渚区望江街道桂花路9号2栋501" },
        "form": made::answers(FOOD),
        "materials": materials,
    })
}

both!(a_program_gets_a_token_for_what_it_may, async |t| {
    let program = Program::new(t, "terminal", None, &["declare"]).await;
    let seen = program.ask_token("").await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    let said = seen.json();
    assert_eq!((said["token_type"].as_str(), said["scope"].as_str()), (Some("Bearer"), Some("declare")));
    assert_eq!(said["expires_in"], 600);
    assert_eq!(seen.header("cache-control"), Some("no-store"));
    refused(&program.ask_token("cases").await, 400, "scope-unknown");

    // As RFC 6749 names errors, for its clients.
    let wrong = b"grant_type=client_credentials&client_id=terminal&client_secret=x";
    let seen = t.anyone().post_bytes("/api/v1/token", &[FORM], wrong).await;
    refused(&seen, 401, "client-bad");
    assert_eq!(seen.json()["error"], "invalid_client");
    let seen = t.anyone().post_bytes("/api/v1/token", &[FORM], b"grant_type=password").await;
    refused(&seen, 400, "grant-type");
    // The secret may come as HTTP Basic.
    let basic = cloudmart::kernel::crypto::base64(format!("terminal:{}", program.secret).as_bytes());
    let basic = format!("Basic {basic}");
    let headers = [FORM, ("authorization", basic.as_str())];
    t.anyone().post_bytes("/api/v1/token", &headers, b"grant_type=client_credentials").await.ok();
});

both!(guessing_a_secret_ends_soon, async |t| {
    let program = Program::new(t, "terminal", None, &["declare"]).await;
    let wrong = b"grant_type=client_credentials&client_id=terminal&client_secret=x";
    for _ in 0..10 {
        refused(&t.anyone().post_bytes("/api/v1/token", &[FORM], wrong).await, 401, "client-bad");
    }
    // From here on even the right one is not looked at, until the time is over.
    assert!(matches!(program.ask_token("").await.status, 401 | 429));
    t.advance(1900);
    program.ask_token("").await.ok();
});

both!(a_token_is_good_for_its_time_and_its_scopes_alone, async |t| {
    let terminal = Program::new(t, "terminal", None, &["declare"]).await;
    let market = Program::new(t, "market", Some(MARKET), &["cases"]).await;
    let token = market.token().await;
    assert_eq!(get(t, "/api/v1/cases", &token).await.status, 200);
    refused(&terminal.get("/api/v1/cases").await, 403, "scope-missing");
    refused(&market.declare("k", &declaration(t)).await, 403, "scope-missing");

    // Forged, cut, signed by another key, with another claim.
    let parts: Vec<&str> = token.split('.').collect();
    let flipped = if parts[2].starts_with('A') { "B" } else { "A" };
    let forged = [
        "".to_owned(),
        "nonsense".into(),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{flipped}{}", parts[0], parts[1], &parts[2][1..]),
        format!("{}.{}.{}", parts[0], terminal.token().await.split('.').nth(1).unwrap(), parts[2]),
    ];
    for token in forged {
        let seen = get(t, "/api/v1/cases", &token).await;
        refused(&seen, 401, "token-bad");
        assert!(seen.header("www-authenticate").unwrap().starts_with("Bearer"));
    }
    refused(&t.anyone().get("/api/v1/cases").await, 401, "token-bad");
    t.advance(580);
    assert_eq!(get(t, "/api/v1/cases", &token).await.status, 200);
    t.advance(21);
    refused(&get(t, "/api/v1/cases", &token).await, 401, "token-bad");
});

both!(problems_speak_the_language_of_the_caller, async |t| {
    let chinese = t.anyone().get("/api/v1/items/nothing").await;
    let english = t.anyone().english().get("/api/v1/items/nothing").await;
    refused(&chinese, 404, "not-found");
    refused(&english, 404, "not-found");
    assert_eq!((chinese.header("content-language"), english.header("content-language")), (Some("zh-CN"), Some("en")));
    let is_han = |text: &str| text.contains(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let detail = |seen: &Seen| seen.json()["detail"].as_str().unwrap().to_owned();
    assert!(is_han(&detail(&chinese)) && !is_han(&detail(&english)), "{} {}", chinese.text, english.text);
});

both!(anybody_finds_items, async |t| {
    let found = t.anyone().get("/api/v1/items?q=食品经营&size=5").await.ok().json();
    assert_eq!(found["items"][0]["slug"], FOOD);
    let code = found["items"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(code.len(), 31);
    let item = t.anyone().get(&format!("/api/v1/items/{code}")).await.ok().json();
    assert_eq!((item["slug"].as_str(), item["legal"]["days"].as_i64()), (Some(FOOD), Some(10)));
    assert!(!item["materials"].as_array().unwrap().is_empty() && !item["form"].as_array().unwrap().is_empty());
    let form = t.anyone().get(&format!("/api/v1/items/{code}/form")).await.ok().json();
    assert_eq!(form["schema"]["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let elements = made::elements(t, FOOD);
    let properties = &form["schema"]["properties"];
    assert!(elements.form.single().all(|f| properties[&f.key]["title"].is_string()));
    assert!(elements.form.groups.iter().filter(|g| g.is_repeated()).all(|g| properties[&g.key]["type"] == "array"));
    assert_eq!(properties["catering_scale"]["x-only-if"], "business_type == '2'");
    let certificate = item["materials"].as_array().unwrap().iter().find(|m| m["key"] == "health_certificate").unwrap();
    assert!(certificate["only_if"].as_str().unwrap().contains("business_type"), "{certificate}");
    t.anyone().get("/api/v1/items/nothing/form").await.is(404);
    let by_department = t.anyone().get("/api/v1/items?department=wsjk").await.ok().json();
    assert!(by_department["items"].as_array().unwrap().iter().all(|i| i["department"]["key"] == "wsjk"));
    let far = t.anyone().get("/api/v1/items?page=9999").await.ok().json();
    assert!(far["total"].as_i64().unwrap() > 0);
});

both!(the_search_field_is_told_what_may_be_meant, async |t| {
    let all = t.anyone().get("/items/suggest?q=spjyxk").await.ok().json();
    assert_eq!(all[0]["href"], format!("/items/{FOOD}"));
    assert!(all.as_array().unwrap().len() <= 6);
    let hits = t.anyone().english().get("/items/suggest?q=food").await.ok().json();
    assert!(hits[0]["name"].as_array().unwrap().iter().any(|p| p["is_hit"] == true && p["text"] == "Food"), "{hits}");
    for nothing in ["/items/suggest", "/items/suggest?q=", "/items/suggest?q=%20%00"] {
        assert_eq!(t.anyone().get(nothing).await.ok().json(), serde_json::json!([]), "{nothing}");
    }
});

both!(one_key_makes_one_case, async |t| {
    let program = Program::new(t, "terminal", None, &["declare"]).await;
    let body = declaration(t);
    let first = program.declare("key-1", &body).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let made = first.json();
    assert_eq!(made["case_no"].as_str().unwrap().chars().count(), 46);
    assert_eq!((made["receipt_no"].as_str().unwrap().len(), made["state"].as_str()), (12, Some("submitted")));
    // The same once more: the same case, whatever was answered is answered again.
    let again = program.declare("key-1", &body).await;
    assert_eq!((again.status, again.json()), (200, made.clone()));
    // The same key for something else.
    let mut other = body.clone();
    other["applicant"]["phone"] = "13800138102".into();
    refused(&program.declare("key-1", &other).await, 422, "idempotency-key-reused");
    // Another key, or another program with the same key: another case.
    let second = program.declare("key-2", &body).await;
    assert_eq!(second.status, 201);
    assert_ne!(second.json()["case_no"], made["case_no"]);
    let partner = Program::new(t, "partner", None, &["declare"]).await;
    assert_eq!(partner.declare("key-1", &body).await.status, 201);
    refused(&program.declare("", &body).await, 400, "idempotency-key-missing");

    // Whoever has the number and the code follows it.
    let asked = json!({ "no": made["receipt_no"], "code": made["query_code"] }).to_string();
    let progress = t.anyone().post_bytes("/api/v1/progress", &[JSON], asked.as_bytes()).await.ok().json();
    assert_eq!((progress["state"].as_str(), &progress["receipt_no"]), (Some("submitted"), &made["receipt_no"]));
    let guessed = json!({ "no": made["receipt_no"], "code": "00000000" }).to_string();
    refused(&t.anyone().post_bytes("/api/v1/progress", &[JSON], guessed.as_bytes()).await, 422, "progress-unknown");
});

both!(the_same_declaration_sent_at_once_is_one_case, async |t| {
    let program = Program::new(t, "terminal", None, &["declare"]).await;
    let body = declaration(t);
    let all = futures_util::future::join_all((0..6).map(|_| program.declare("key-1", &body))).await;
    let numbers: std::collections::BTreeSet<String> =
        all.iter().map(|s| s.json()["case_no"].as_str().unwrap_or(&s.text).to_owned()).collect();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    assert_eq!(all.iter().filter(|s| s.status == 201).count(), 1);
});

both!(a_declaration_that_does_not_fit_says_where, async |t| {
    let program = Program::new(t, "terminal", None, &["declare"]).await;
    let mut body = declaration(t);
    body["applicant"]["id_number"] = "980102199204160248".into();
    body["applicant"]["phone"] = "123".into();
    body["materials"].as_array_mut().unwrap().remove(0);
    let seen = program.declare("key-1", &body).await;
    refused(&seen, 422, "form-invalid");
    let fields = seen.json()["fields"].as_array().unwrap().clone();
    let code_of = |field: &str| {
        let found = fields.iter().find(|f| f["field"].as_str().unwrap().starts_with(field));
        found.unwrap_or_else(|| panic!("{field}: {}", seen.text))["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code_of("applicant.id_number"), "id-number-check");
    assert_eq!(code_of("applicant.phone"), "phone-shape");
    assert_eq!(code_of("material."), "material-missing");
    assert!(fields.iter().all(|f| !f["detail"].as_str().unwrap().starts_with('[')), "{}", seen.text);
    // Mended, under the same key: what was refused has used nothing up.
    assert_eq!(program.declare("key-1", &declaration(t)).await.status, 201);

    let mut body = declaration(t);
    body["item"] = "nothing".into();
    refused(&program.declare("key-2", &body).await, 422, "form-invalid");
    let mut body = declaration(t);
    body["hall"] = "H99".into();
    refused(&program.declare("key-3", &body).await, 422, "form-invalid");
    let mut body = declaration(t);
    body["materials"][0]["content"] = "!!".into();
    assert_eq!(program.declare("key-4", &body).await.json()["fields"][0]["code"], "base64");
    body["materials"][0]["content"] = cloudmart::kernel::crypto::base64(b"MZ\x90\x00 no pdf at all").into();
    assert_eq!(program.declare("key-5", &body).await.json()["fields"][0]["code"], "file-kind");
});

both!(a_file_is_uploaded_first_and_named_by_its_own_program_for_a_day, async |t| {
    let program = Program::new(t, "terminal", None, &["declare"]).await;
    let seen = program.upload("plan.pdf", made::PDF).await;
    assert_eq!(seen.status, 201, "{}", seen.text);
    let file = seen.json()["file"].as_str().unwrap().to_owned();
    refused(&program.upload("plan.pdf", b"").await, 422, "form-invalid");
    refused(&program.upload("plan.exe", b"MZ\x90\x00").await, 422, "form-invalid");
    refused(&program.upload("plan.png", made::PDF).await, 422, "form-invalid");
    let large = vec![b' '; (t.app.config.files.max_mib as usize + 1) << 20];
    refused(&program.upload("plan.pdf", &large).await, 413, "file-too-large");

    let mut body = declaration(t);
    let key = body["materials"][0]["key"].clone();
    body["materials"][0] = json!({ "key": key, "file": file });
    assert_eq!(program.declare("key-1", &body).await.status, 201);
    let partner = Program::new(t, "partner", None, &["declare"]).await;
    assert_eq!(partner.declare("key-1", &body).await.json()["fields"][0]["code"], "file-gone");
    t.advance(86_401);
    assert_eq!(program.declare("key-2", &body).await.json()["fields"][0]["code"], "file-gone");
});

both!(a_department_reads_its_own_accepted_cases_alone, async |t| {
    let market = Program::new(t, "market", Some(MARKET), &["cases"]).await;
    let transport = Program::new(t, "transport", Some(TRANSPORT), &["cases"]).await;
    let own = made::accepted(t, FOOD).await;
    let other = made::accepted(t, FREIGHT).await;
    let waiting = made::submitted(t, FOOD).await;

    let list = market.get("/api/v1/cases").await.ok().json();
    let numbers: Vec<&str> = list["cases"].as_array().unwrap().iter().map(|c| c["case_no"].as_str().unwrap()).collect();
    assert_eq!(numbers, [own.case_no.as_deref().unwrap()]);
    let path = |case: &cloudmart::cases::Case| format!("/api/v1/cases/{}", case.case_no.as_deref().unwrap());
    let whole = market.get(&path(&own)).await.ok().json();
    assert_eq!((whole["state"].as_str(), whole["applicant"].as_str()), (Some(State::Dispatched.code()), Some("林*")));
    assert!(!whole["materials"].as_array().unwrap().is_empty() && whole["timeline"].as_array().unwrap().len() > 2);
    // Nothing personal but the mask: it comes with the dispatch alone.
    assert!(!whole.to_string().contains("980102199204160249") && !whole.to_string().contains("13800138101"));
    for case in [&other, &waiting] {
        refused(&market.get(&path(case)).await, 404, "not-found");
    }
    assert_eq!(transport.get(&path(&other)).await.status, 200);
    refused(&transport.get(&path(&own)).await, 404, "not-found");
    // A program without a department has no cases at all.
    let nobody = Program::new(t, "nobody", None, &["cases"]).await;
    refused(&nobody.get("/api/v1/cases").await, 403, "scope-missing");
});

both!(long_lists_come_in_pages, async |t| {
    let market = Program::new(t, "market", Some(MARKET), &["cases"]).await;
    let mut all = std::collections::BTreeSet::new();
    for _ in 0..23 {
        all.insert(made::accepted(t, FOOD).await.case_no.unwrap());
        t.advance(60);
    }
    let (mut seen, mut path, mut pages) = (std::collections::BTreeSet::new(), "/api/v1/cases".to_owned(), 0);
    loop {
        let page = market.get(&path).await.ok().json();
        pages += 1;
        seen.extend(page["cases"].as_array().unwrap().iter().map(|c| c["case_no"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/cases?after={next}");
    }
    assert_eq!((pages, seen), (2, all));
});

both!(the_process_says_how_it_is, async |t| {
    assert_eq!(t.anyone().get("/api/v1/health").await.ok().json()["state"], "up");
    assert_eq!(t.anyone().get("/api/v1/ready").await.ok().json()["state"], "ready");
});
