//! What `/api/openapi.json` says of Portico's own addresses for scripts, beside what they do.

use std::collections::BTreeSet;

use portico::app::routes;
use portico::tasks::model::{End, State};
use serde_json::{Value, json};

use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::script::json as body_of;
use crate::tasks::{DELETE, ask, authorize_olu, connector, post, quiet};

/// The description, which a tool reads without a key.
fn description(portal: &Portal) -> Value {
    let mut guest = portal.guest();
    let visit = guest.get("/api/openapi.json").status(200);
    assert_eq!(visit.response.header("content-type"), Some("application/json"));
    body_of(&visit.response)
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

/// api.md: Portico's own API is described by `OpenAPI` 3.1: every address with its method, and none that is not there.
#[test]
fn every_address_of_porticos_own_is_described() {
    let portal = Portal::firm();
    let described = description(&portal);
    assert_eq!(described["openapi"], "3.1.0");
    let methods = ["get", "post", "put", "delete"];
    let told: BTreeSet<String> = described["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| methods.iter().filter(|method| item.get(**method).is_some()).map(move |method| format!("{method} {path}")))
        .collect();
    let there: BTreeSet<String> = routes::for_scripts()
        .filter(|route| route.path.starts_with("/api/v1"))
        .map(|route| format!("{} {}", format!("{:?}", route.method).to_lowercase(), route.path))
        .collect();
    assert_eq!(told, there);
}

/// api.md: what is answered has just the fields that are described, and the words are those that there are.
#[test]
fn answers_are_as_they_are_described() {
    let portal = quiet();
    authorize_olu(&portal);
    ask(&mut portal.sign_in(OLU), DELETE);
    let described = description(&portal);
    let schemas = &described["components"]["schemas"];
    let script = connector(&portal);
    let page = script.read("/api/v1/tasks");
    assert_eq!(keys(&page), keys(&schemas["TaskPage"]["properties"]));
    assert_eq!(keys(&page["pagination"]), keys(&schemas["TaskPage"]["properties"]["pagination"]["properties"]));
    let taken = body_of(&post(&script, "/api/v1/tasks/take", &json!({})));
    assert_eq!(keys(&taken), keys(&schemas["Taken"]["properties"]));
    for (name, value) in [("Task", &taken["task"]), ("Device", &taken["task"]["device"]), ("Organization", &taken["task"]["organization"])]
    {
        assert_eq!(keys(value), keys(&schemas[name]["properties"]), "{name}");
        assert_eq!(keys(value), words(&schemas[name]["required"]).into_iter().collect(), "{name}");
    }
    let states: Vec<&str> = State::ALL.iter().map(|state| state.word()).collect();
    assert_eq!(words(&schemas["Task"]["properties"]["state"]["enum"]), states);
    assert_eq!(words(&described["paths"]["/api/v1/tasks"]["get"]["parameters"][0]["schema"]["enum"]), states);
    let kind = taken["task"]["kind"].as_str().expect("a kind");
    assert!(words(&schemas["Task"]["properties"]["kind"]["enum"]).contains(&kind), "{kind}");
    let ends = ["done", "refused"];
    assert!(ends.iter().all(|word| End::from_word(word).is_some()));
    assert_eq!(words(&schemas["Result"]["properties"]["state"]["enum"]), ends.to_vec());
    let refused = script.get("/api/v1/tasks/1");
    assert_eq!((refused.status, keys(&body_of(&refused))), (404, keys(&schemas["Error"]["properties"])));
    let path = &described["paths"]["/api/v1/tasks/{task}"]["get"]["responses"];
    assert!(path.get("404").is_some() && path.get("401").is_some());
}

/// api.md: what is sent has just the fields that are described: each of them is taken, and any other refused.
#[test]
fn what_is_sent_is_as_it_is_described() {
    let portal = quiet();
    authorize_olu(&portal);
    let task = ask(&mut portal.sign_in(OLU), DELETE);
    let described = description(&portal);
    let script = connector(&portal);
    let full = [
        ("Taking", "/api/v1/tasks/take".to_owned(), json!({"device": "nothing-has-this"}), 200),
        ("Taking", "/api/v1/tasks/take".to_owned(), json!({}), 200),
        ("Progress", format!("/api/v1/tasks/{task}/progress"), json!({"text": "Half of it", "take": 1}), 200),
        ("Result", format!("/api/v1/tasks/{task}/result"), json!({"state": "done", "result": "12 GB", "take": 1}), 200),
    ];
    for (name, url, body, status) in full {
        let schema = &described["components"]["schemas"][name];
        if !keys(&body).is_empty() {
            assert_eq!(keys(&body), keys(&schema["properties"]), "{name}");
        }
        let mut more = body.clone();
        more["other"] = json!(1);
        assert_eq!((post(&script, &url, &more).status, schema["additionalProperties"].as_bool()), (400, Some(false)), "{name}");
        assert_eq!(post(&script, &url, &body).status, status, "{name}: {url}");
    }
}
