//! The items of generated code that define types.

use syn::{Ident, Item};

/// Returns the name of a type, or `None` for another item.
pub(crate) fn type_ident(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}
