//! The document at `/api/openapi.json` and the API describe each other, and the document is OpenAPI 3.1.

use std::collections::BTreeSet;

use cloudmart::api::ROUTES;
use reqwest::Method;
use serde_json::Value;

use super::harness::TestApp;
use super::made::{self, FOOD};

const METHODS: &[&str] = &["get", "put", "post", "delete", "patch", "head", "options", "trace"];
const PROBLEM: &str = "application/problem+json";

/// Method, path and the operation, of the whole document.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut all = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        for (key, operation) in item.as_object().unwrap() {
            if METHODS.contains(&key.as_str()) {
                all.push((key.clone(), path.clone(), operation));
            } else {
                assert!(matches!(key.as_str(), "parameters" | "summary" | "description"), "{path} has {key:?}");
            }
        }
    }
    all
}

/// Every value under every key of this name, wherever it stands.
fn all_of<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                if name == key {
                    found.push(inner);
                }
                all_of(inner, key, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| all_of(inner, key, found)),
        _ => {}
    }
}

async fn document(t: &TestApp) -> Value {
    let seen = t.anyone().get("/api/openapi.json").await;
    assert_eq!((seen.status, seen.header("content-type")), (200, Some("application/json")));
    seen.json()
}

both!(the_document_has_every_endpoint_and_nothing_else, async |t| {
    let document = document(t).await;
    let described: BTreeSet<(String, String)> = operations(&document).into_iter().map(|(m, p, _)| (m, p)).collect();
    let served: BTreeSet<(String, String)> = ROUTES.iter().map(|(m, p)| ((*m).to_owned(), (*p).to_owned())).collect();
    assert_eq!(ROUTES.len(), served.len(), "a route stands twice");
    assert_eq!(described, served);
});

both!(the_document_is_openapi_3_1, async |t| {
    let document = document(t).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    assert!(!document["info"]["title"].as_str().unwrap().is_empty() && document["info"]["version"].is_string());
    let mut refs = vec![];
    all_of(&document, "$ref", &mut refs);
    assert!(refs.len() > 20);
    for reference in refs {
        let to = reference.as_str().unwrap().strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads elsewhere"));
        assert!(document.pointer(to).is_some(), "{reference} leads nowhere");
    }
    let mut types = vec![];
    all_of(&document["components"]["schemas"], "type", &mut types);
    let known = ["string", "integer", "number", "boolean", "object", "array", "null"];
    for kind in types.into_iter().filter(|k| !k.is_object()) {
        let all = kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]);
        assert!(all.iter().all(|k| known.contains(&k.as_str().unwrap_or_default())), "{kind}");
    }
    // 3.1 says `type: [x, null]` and no longer `nullable`.
    let mut nullable = vec![];
    all_of(&document, "nullable", &mut nullable);
    assert!(nullable.is_empty());
});

both!(every_operation_is_described_whole, async |t| {
    let document = document(t).await;
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{place}: its id stands twice");
        assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{place} does not say what it does");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{place}");

        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let named = |kind: &str| -> BTreeSet<String> {
            let of_kind = parameters.iter().filter(|p| p["in"] == kind);
            of_kind.map(|p| p["name"].as_str().unwrap().to_owned()).collect()
        };
        let in_path: BTreeSet<String> =
            path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect();
        assert_eq!(named("path"), in_path, "{place}");
        for parameter in &parameters {
            assert!(parameter["schema"].is_object(), "{place}: {parameter}");
            assert!(parameter["in"] != "path" || parameter["required"] == true, "{place}: {parameter}");
        }
        if let Some(body) = operation.get("requestBody") {
            let content = body["content"].as_object().unwrap();
            assert!(!content.is_empty() && content.values().all(|c| c["schema"].is_object()), "{place}: {body}");
        }
        assert_eq!(operation.get("requestBody").is_some(), method == "post", "{place}");

        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|s| s.starts_with('2')), "{place} never goes well");
        for (status, response) in responses {
            assert!(response["description"].is_string(), "{place} {status}");
            if status.as_str() >= "400" {
                let schema = &response["content"][PROBLEM]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{place} {status}");
            }
        }
        for requirement in operation["security"].as_array().into_iter().flatten() {
            for (name, scopes) in requirement.as_object().unwrap() {
                let flows = &schemes[name]["flows"]["clientCredentials"]["scopes"];
                for scope in scopes.as_array().unwrap() {
                    assert!(flows.get(scope.as_str().unwrap()).is_some(), "{place} asks for {scope}");
                }
                assert!(
                    responses.contains_key("401") && responses.contains_key("403"),
                    "{place} has a lock and no refusal"
                );
            }
        }
    }
});

/// What a route is asked with that has parameters.
fn filled(path: &str, with: &str) -> String {
    match path.split_once('{') {
        Some((before, _)) => format!("{before}{with}"),
        None => path.to_owned(),
    }
}

both!(what_goes_wrong_is_answered_as_the_document_says, async |t| {
    let document = document(t).await;
    made::submitted(t, FOOD).await;
    let browser = t.anyone();
    let mut refusals = 0;
    for (method, path, operation) in operations(&document) {
        let to = filled(&path, "nothing");
        let verb: Method = method.to_uppercase().parse().unwrap();
        // Nothing at all, something that is no JSON, JSON of another shape, and a bad token.
        for (kind, body, token) in [
            ("application/json", "", ""),
            ("application/json", "{", ""),
            ("application/json", "[]", ""),
            ("application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=a&client_secret=b", ""),
            ("application/json", "{}", "Bearer a.b.c"),
        ] {
            let mut request = browser.request(verb.clone(), &to).header("content-type", kind);
            if method == "post" {
                request = request.body(body);
            }
            if !token.is_empty() {
                request = request.header("authorization", token);
            }
            let answer = request.send().await.unwrap();
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let text = answer.text().await.unwrap();
            if status < 400 {
                continue;
            }
            refusals += 1;
            let kind = headers.get("content-type").and_then(|v| v.to_str().ok());
            assert_eq!(kind, Some(PROBLEM), "{method} {to}: {text}");
            let problem: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(problem["status"], status, "{text}");
            let code = problem["code"].as_str().unwrap();
            assert_eq!(problem["type"], format!("urn:cloudmart:problem:{code}"));
            let detail = problem["detail"].as_str().unwrap();
            assert!(!detail.is_empty() && !detail.starts_with('['), "{code} has no sentence: {detail}");
            assert!(problem["instance"].as_str().unwrap().starts_with("urn:uuid:"));
            let known = operation["responses"].as_object().unwrap();
            assert!(
                known.contains_key(&status.to_string()),
                "{method} {path} answers {status} {code}, which is not described"
            );
        }
    }
    assert!(refusals > 20, "{refusals}");
});

both!(the_server_itself_answers_problems_under_api, async |t| {
    let browser = t.anyone();
    let other = browser.request(Method::DELETE, "/api/v1/items").send().await.unwrap();
    assert_eq!(other.status().as_u16(), 405);
    assert!(other.headers()["content-type"] == PROBLEM && other.headers()["allow"] == "GET", "{:?}", other.headers());
    let missing = browser.get("/api/v1/nothing").await;
    assert_eq!((missing.status, missing.header("content-type")), (404, Some(PROBLEM)));
    let large =
        browser.post_bytes("/api/v1/progress", &[("content-type", "application/json")], &vec![b' '; 70_000]).await;
    assert_eq!((large.status, large.header("content-type")), (413, Some(PROBLEM)));
});
