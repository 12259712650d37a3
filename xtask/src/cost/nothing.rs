use std::error::Error;

pub async fn register() -> Result<String, Box<dyn Error>> {
    Ok(String::new())
}
