//! Calls of operations that use what OpenAPI allows and the API of Duvo does not, against the
//! mock server.

use crate::call::Call;
use crate::client::Client;
use crate::generated::types::{
    ListShelvesSort, ListShelvesXTagsItem, PlainError, Shelf, ShelfPropertiesState, ShelfRequest,
};
use crate::mock::{Response, Server};

fn server() -> (Server, Client) {
    let server = Server::start().unwrap();
    let client = server.client().unwrap();
    (server, client)
}

fn shelf() -> Shelf {
    serde_json::from_str(r#"{ "id": "1", "name": "First" }"#).unwrap()
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn operation_without_security_sends_no_api_key() {
    let (server, client) = server();
    let (list, delete) = (server.list_shelves(), server.delete_shelves());
    let call = Call::new(&client, None);
    call.list_shelves(None, None, None, None).await.unwrap();
    call.delete_shelves(&ids(&["1"])).await.unwrap();
    assert!(!list.calls()[0].headers().contains_key("authorization"));
    assert_eq!(delete.calls()[0].api_key(), Some("duvo-mock"));
}

#[tokio::test]
async fn operation_without_body_returns_nothing() {
    let (server, client) = server();
    let mock = server.delete_shelves().with_ids(["1", "a,b"]);
    let call = Call::new(&client, None);
    let deleted = call.delete_shelves(&ids(&["1", "a,b"])).await.unwrap();
    assert_eq!(deleted.status(), 204);
    assert_eq!(mock.calls()[0].path(), "/v2/shelves/1,a%2Cb");
    assert_eq!(mock.calls()[0].ids(), Some(vec!["1", "a", "b"]));
    // Another success with a body is one, too.
    server.delete_shelves().respond(|_| Response::html(200, "deleted"));
    assert_eq!(call.delete_shelves(&ids(&["1"])).await.unwrap().status(), 200);
    server.delete_shelves().respond(|_| Response::new(404));
    let error = call.delete_shelves(&ids(&["1"])).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
}

#[tokio::test]
async fn optional_body_is_none_if_it_is_absent() {
    let (server, client) = server();
    let client = Call::new(&client, None);
    // The first success without a body is the default, because 200 has no example.
    server.read_shelf();
    assert_eq!(*client.read_shelf(&vec![1, 2]).await.unwrap(), None);
    server.read_shelf().respond(|then| then.status_200(shelf()));
    assert_eq!(*client.read_shelf(&vec![1, 2]).await.unwrap(), Some(shelf()));
    server.read_shelf().respond(|_| Response::new(200));
    assert_eq!(*client.read_shelf(&vec![1, 2]).await.unwrap(), None);
    server.read_shelf().respond(|_| Response::html(200, "<p>"));
    let error = client.read_shelf(&vec![1, 2]).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(server.requests().last().unwrap().path(), "/v2/shelves/1,2");
}

#[tokio::test]
async fn truncated_optional_body_is_an_error() {
    let (server, client) = server();
    let mock = server.read_shelf();
    mock.respond(|then| then.status_200(shelf()).truncated_at(0));
    let call = Call::new(&client, None);
    let error = call.read_shelf(&vec![1]).await.unwrap_err();
    assert!(error.to_string().contains("truncated"), "{error}");
}

#[tokio::test]
async fn head_request_has_no_body_in_its_response() {
    let (server, client) = server();
    let mock = server.shelf_exists();
    let call = Call::new(&client, None);
    call.shelf_exists(&ids(&["1"])).await.unwrap();
    mock.assert_calls(1);
}

#[tokio::test]
async fn lists_are_written_in_the_styles_of_openapi() {
    let (server, client) = server();
    let mock = server
        .list_shelves()
        .with_id(["a", "b&c"])
        .with_size([1, 2])
        .with_sort("newest")
        .with_x_tags(["new", "3xl"]);
    let tags = vec![ListShelvesXTagsItem::New, "3xl".into()];
    let listed = Call::new(&client, None)
        .list_shelves(
            Some(&ids(&["a", "b&c"])),
            Some(&vec![1, 2]),
            Some(&ListShelvesSort::Newest),
            Some(&tags),
        )
        .await
        .unwrap();
    let [call] = &mock.calls()[..] else {
        panic!("{:?}", server.unmatched_requests())
    };
    assert_eq!(call.query(), Some("id=a&id=b%26c&size=1,2&sort=newest"));
    assert_eq!(call.header("x-tags"), Some("new,3xl"));
    assert_eq!(call.id(), Some(vec!["a", "b&c"]));
    assert_eq!(call.x_tags(), Some(vec!["new", "3xl"]));
    let state = listed.shelves[0].state.clone();
    assert_eq!(state, Some(ShelfPropertiesState::Unknown("unknown".to_owned())));
}

#[tokio::test]
async fn comma_in_an_item_of_a_header_list_is_an_invalid_request() {
    let (server, client) = server();
    server.list_shelves().without_id();
    let tags = vec![ListShelvesXTagsItem::from("a,b")];
    let call = Call::new(&client, None);
    let error = call.list_shelves(None, None, None, Some(&tags)).await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn required_property_of_another_part_is_required() {
    let (server, client) = server();
    // `id` is read-only, and `name` is not optional.
    let request: ShelfRequest = serde_json::from_str(r#"{ "name": "First" }"#).unwrap();
    serde_json::from_str::<ShelfRequest>("{}").unwrap_err();
    server
        .create_shelf()
        .with_name("First")
        .without_state()
        .respond(|then| then.status_201(shelf()))
        .respond(|_| Response::json(201, &serde_json::json!({ "id": "1" })));
    let call = Call::new(&client, None);
    let name: String = call.create_shelf(&request).await.unwrap().name.clone();
    assert_eq!(name, "First");
    let error = call.create_shelf(&request).await.unwrap_err();
    assert!(error.to_string().contains("missing field `name`"), "{error}");
}

#[tokio::test]
async fn media_types_are_those_of_the_document() {
    let (server, client) = server();
    let mock = server.create_shelf();
    let mock = mock.respond(|then| then.status_201(shelf()));
    let request: ShelfRequest = serde_json::from_str(r#"{ "name": "First" }"#).unwrap();
    let call = Call::new(&client, None);
    let created = call.create_shelf(&request).await.unwrap();
    let media_type = "application/vnd.shelves+json; version=2";
    assert_eq!(mock.calls()[0].header("content-type"), Some(media_type));
    assert_eq!(mock.calls()[0].header("accept"), Some(media_type));
    assert_eq!(created.headers()["content-type"], media_type);
    server
        .list_shelves()
        .respond(|then| then.status_400(PlainError::example()));
    let error = call.list_shelves(None, None, None, None).await.unwrap_err();
    let headers = error.headers().unwrap();
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(error.api_error(), Some(PlainError::example().error.as_str()));
}
