//! Rewrites the document into the forms from which code is generated. The meaning stays the
//! same.

mod alias;
mod composition;
mod direction;
mod inline_enum;

use crate::document::Document;

pub(crate) use composition::{is_composition, merge as merge_compositions};

pub(crate) fn normalize(mut document: Document) -> Document {
    alias::replace(&mut document);
    // A property that two types share by `allOf` has one type.
    inline_enum::name(&mut document);
    composition::merge(&mut document);
    direction::separate(&mut document);
    document
}
