//! Checks that others wrote.
use crate::Result;
pub fn run() -> Result<bool> {
    Ok(true)
}
