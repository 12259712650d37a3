use generated::Call;

use super::Result;
use super::plain::REQUEST;
use crate::example::{API_KEY, TEAM_ID};

pub struct Generated(Call<'static>);

impl Generated {
    pub fn new(base_url: &str) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let integration = serde_json::to_value(REQUEST)?;
        let call = Call::new(http, base_url.parse()?, API_KEY, integration)?;
        Ok(Self(call))
    }

    pub async fn call(&self) -> Result<impl Sized + use<>> {
        Ok(self.0.register(TEAM_ID).await?)
    }
}
