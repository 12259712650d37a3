use std::error::Error;

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use schemars::schema::{InstanceType, SchemaObject};
use syn::{Fields, File, ImplItem, Item, parse_quote};

use super::adapt::Adapted;

/// Generates the client and lays it out as source text.
pub fn render(adapted: &Adapted) -> Result<String, Box<dyn Error>> {
    let document: OpenAPI = serde_json::from_value(adapted.document.clone())?;
    let tokens = Generator::new(&settings(adapted)).generate_tokens(&document)?;
    let mut file: File = syn::parse2(tokens)?;
    refine(&mut file, adapted)?;
    Ok(prettyplease::unparse(&file))
}

fn settings(adapted: &Adapted) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_inner_type(quote! { crate::transport::Call })
        .with_hooks(HooksMode::Expected)
        .with_derive("PartialEq")
        .with_conversion(string("password"), "crate::secret::Exposed", no_impls())
        .with_conversion(string("date-time"), "crate::Timestamp", no_impls());
    for open_enum in &adapted.open_enums {
        let path = format!("crate::generated::types::{}", open_enum.name);
        settings.with_replacement(&open_enum.name, path, [TypeImpl::Display].into_iter());
    }
    settings
}

fn string(format: &str) -> SchemaObject {
    SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some(format.to_owned()),
        ..SchemaObject::default()
    }
}

fn no_impls() -> impl Iterator<Item = TypeImpl> {
    std::iter::empty()
}

/// What the generator has no setting for.
fn refine(file: &mut File, adapted: &Adapted) -> syn::Result<()> {
    for item in &mut file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                let Some((_, items)) = &mut module.content else {
                    continue;
                };
                for item in items.iter_mut() {
                    if let Item::Struct(structure) = item
                        && matches!(structure.fields, Fields::Named(_))
                    {
                        structure.attrs.push(parse_quote!(#[non_exhaustive]));
                    }
                }
                for open_enum in &adapted.open_enums {
                    items.extend(open_enum.to_items()?);
                }
            }
            // `Client::new` makes an HTTP client that follows redirects, and
            // panics where it cannot.
            Item::Impl(implementation) if implementation.trait_.is_none() => {
                implementation.items.retain(
                    |item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"),
                );
            }
            _ => {}
        }
    }
    Ok(())
}
