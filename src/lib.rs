//! A client of Duvo's API for custom integrations.
