//! What a maintainer writes for a new resource: a wrapper over the generated
//! client, and here a test of it against the generated mock.

use crate::generated::types::{Folder, FolderPage, FolderRequest, FolderState};
use crate::transport::Call;
use crate::{Response, Result, Team};

impl Team {
    /// Lists the team's folders.
    ///
    /// # Errors
    ///
    /// As for every call.
    pub async fn list_folders(&self, state: Option<&str>) -> Result<Response<FolderPage>> {
        Call::new(&self.client, None).list_folders(&self.id, state).await
    }

    /// Creates a folder.
    ///
    /// # Errors
    ///
    /// As for every call.
    pub async fn create_folder(&self, folder: &FolderRequest) -> Result<Response<Folder>> {
        Call::new(&self.client, None).create_folder(&self.id, folder).await
    }
}

mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::MockServerExt;
    use crate::Client;

    fn client(server: &httpmock::MockServer) -> Client {
        let builder = Client::builder().api_key("key").base_url(server.base_url());
        builder.build().unwrap()
    }

    #[tokio::test]
    async fn folders_are_listed() {
        let server = httpmock::MockServer::start_async().await;
        let page: FolderPage = serde_json::from_value(json!({
            "folders": [
                { "id": "1", "name": "Prices", "state": "active", "archived_at": null },
                { "id": "2", "name": "Old", "state": "frozen", "archived_at": "2026-08-03T09:16:02Z" },
            ]
        }))
        .unwrap();
        let mock = server.list_folders(|when, then| {
            when.team_id("team_1").state("active");
            then.ok(&page);
        });
        let listed = client(&server).team("team_1").list_folders(Some("active")).await.unwrap();
        mock.assert();
        assert_eq!(listed.folders[0].state, FolderState::Active);
        assert_eq!(listed.folders[0].archived_at, None);
        assert_eq!(listed.folders[1].state, FolderState::Unknown("frozen".to_owned()));
        assert!(listed.folders[1].archived_at.is_some());
    }

    #[tokio::test]
    async fn a_folder_is_created() {
        let server = httpmock::MockServer::start_async().await;
        let request: FolderRequest =
            serde_json::from_value(json!({ "name": "Prices", "access_token": "opens" })).unwrap();
        assert!(!format!("{request:?}").contains("opens"));
        let folder: Folder = serde_json::from_value(
            json!({ "id": "1", "name": "Prices", "state": "active", "archived_at": null }),
        )
        .unwrap();
        let mock = server.create_folder(|when, then| {
            when.team_id("team_1").body(&request);
            then.created(&folder);
        });
        let created = client(&server).team("team_1").create_folder(&request).await.unwrap();
        mock.assert();
        assert_eq!(*created, folder);
    }

    #[tokio::test]
    async fn an_error_is_that_of_every_call() {
        let server = httpmock::MockServer::start_async().await;
        server.list_folders(|when, then| {
            when.team_id("team_1");
            then.unauthorized(&serde_json::from_value(json!({ "error": "Unauthorized" })).unwrap());
        });
        let error = client(&server).team("team_1").list_folders(None).await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
        assert_eq!(error.api_error(), Some("Unauthorized"));
    }
}
