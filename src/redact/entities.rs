//! The named HTML entities of ASCII and Latin-1.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Punctuation, by the names of HTML 5.
const PUNCTUATION: [(&str, char); 41] = [
    ("amp", '&'),
    ("AMP", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("GT", '>'),
    ("Hat", '^'),
    ("lbrace", '{'),
    ("lbrack", '['),
    ("lcub", '{'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lsqb", '['),
    ("lt", '<'),
    ("LT", '<'),
    ("NewLine", '\n'),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("rbrace", '}'),
    ("rbrack", ']'),
    ("rcub", '}'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("semi", ';'),
    ("sol", '/'),
    ("Tab", '\t'),
    ("verbar", '|'),
    ("vert", '|'),
];

/// The entities of U+00A0 to U+00FF, in order.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not \
    shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 \
    frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute \
    Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times \
    Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring \
    aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute \
    ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

static ENTITIES: LazyLock<HashMap<&[u8], char>> = LazyLock::new(|| {
    let latin_1 = LATIN_1.split_ascii_whitespace().zip('\u{a0}'..='\u{ff}');
    let entities = PUNCTUATION.into_iter().chain(latin_1);
    entities
        .map(|(name, character)| (name.as_bytes(), character))
        .collect()
});

/// Returns the character of an entity, by its name without `&` and `;`.
pub(super) fn character_of_entity(name: &[u8]) -> Option<char> {
    ENTITIES.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::character_of_entity;

    #[test]
    fn entities_have_their_characters() {
        for (name, character) in [
            ("amp", '&'),
            ("sol", '/'),
            ("nbsp", '\u{a0}'),
            ("iquest", '¿'),
            ("Agrave", 'À'),
            ("times", '×'),
            ("szlig", 'ß'),
            ("eacute", 'é'),
            ("divide", '÷'),
            ("yuml", 'ÿ'),
        ] {
            assert_eq!(character_of_entity(name.as_bytes()), Some(character));
        }
        for name in ["", "am", "ampx", "Amp"] {
            assert_eq!(character_of_entity(name.as_bytes()), None, "{name}");
        }
    }
}
