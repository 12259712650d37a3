//! The facade of a new resource, as a maintainer writes it, and its tests against the mock
//! server.

use crate::call::Call;
use crate::client::Team;
use crate::error::Result;
use crate::generated::types::{Folder, FolderPage, FolderRequest, FolderState};
use crate::response::Response;

impl Team {
    /// Lists the team's folders.
    ///
    /// # Errors
    ///
    /// Returns the errors of every call.
    pub async fn list_folders(&self, state: Option<&str>) -> Result<Response<FolderPage>> {
        Call::new(&self.client, None).list_folders(&self.id, state).await
    }

    /// Creates a folder.
    ///
    /// # Errors
    ///
    /// Returns the errors of every call.
    pub async fn create_folder(&self, folder: &FolderRequest) -> Result<Response<Folder>> {
        Call::new(&self.client, None).create_folder(&self.id, folder).await
    }
}

mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::types::PlainError;
    use crate::mock::{Server, examples};

    #[tokio::test]
    async fn lists_folders() {
        let server = Server::start().unwrap();
        let mock = server.list_folders().with_team_id("team_1").with_state("active");
        let team = server.client().unwrap().team("team_1");
        let listed = team.list_folders(Some("active")).await.unwrap();
        mock.assert_calls(1);
        assert_eq!(*listed, examples::list_folders_200_two());
        assert_eq!(listed.folders[0].state, FolderState::Active);
        assert_eq!(listed.folders[0].archived_at, None);
        assert_eq!(listed.folders[1].state, FolderState::Unknown("frozen".to_owned()));
        assert!(listed.folders[1].archived_at.is_some());
    }

    #[tokio::test]
    async fn creates_folder() {
        let server = Server::start().unwrap();
        let request: FolderRequest =
            serde_json::from_value(json!({ "name": "Prices", "access_token": "opens" })).unwrap();
        assert!(!format!("{request:?}").contains("opens"));
        let folder: Folder = serde_json::from_value(
            json!({ "id": "1", "name": "Prices", "state": "active", "archived_at": null }),
        )
        .unwrap();
        let response = folder.clone();
        let mock = server
            .create_folder()
            .with_team_id("team_1")
            .with_name("Prices")
            .with_access_token("opens")
            .respond(|then| then.status_201(response));
        let team = server.client().unwrap().team("team_1");
        let created = team.create_folder(&request).await.unwrap();
        mock.assert_calls(1);
        assert_eq!(*created, folder);
    }

    #[tokio::test]
    async fn returns_api_error() {
        let server = Server::start().unwrap();
        server
            .list_folders()
            .without_state()
            .respond(|then| then.unauthorized(PlainError::example()));
        let team = server.client().unwrap().team("team_1");
        let error = team.list_folders(None).await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
        assert_eq!(error.api_error(), Some(PlainError::example().error.as_str()));
    }
}
