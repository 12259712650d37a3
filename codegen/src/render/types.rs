//! Changes the types that progenitor generates.

use syn::{Attribute, Fields, Item, LitStr, Variant, parse_quote};

use crate::adapt::Adapted;

pub(super) fn rewrite_types(types: &mut Vec<Item>, adapted: &Adapted) -> syn::Result<()> {
    for item in types.iter_mut() {
        match item {
            Item::Struct(structure) if matches!(structure.fields, Fields::Named(_)) => {
                structure.attrs.push(parse_quote!(#[non_exhaustive]));
            }
            Item::Enum(item) => item.variants.iter_mut().for_each(document_variant),
            _ => {}
        }
    }
    for open_enum in &adapted.open_enums {
        types.extend(open_enum.to_items()?);
    }
    Ok(())
}

/// Documents a variant of an enum. progenitor does not.
fn document_variant(variant: &mut Variant) {
    let docs = match &variant.fields {
        Fields::Unit => {
            let name = serde_rename(&variant.attrs).unwrap_or_else(|| variant.ident.to_string());
            format!("`{name}`")
        }
        _ => format!("The form of `{}`.", variant.ident),
    };
    variant.attrs.insert(0, parse_quote!(#[doc = #docs]));
}

/// Returns the name of `#[serde(rename = "…")]`, as progenitor writes it.
fn serde_rename(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let mut name = None;
        if attribute.path().is_ident("serde") {
            // An attribute in another form does not rename.
            let _ = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    name = Some(meta.value()?.parse::<LitStr>()?.value());
                }
                Ok(())
            });
        }
        name
    })
}
