/// A character that is not allowed, by its kind and position.
pub(crate) struct InvalidCharacter {
    character: char,
    /// Counted from 1.
    position: usize,
    is_last: bool,
}

impl InvalidCharacter {
    /// Finds the first character that is not allowed.
    pub(crate) fn find(text: &str, is_allowed: impl Fn(char) -> bool) -> Option<Self> {
        let at = text.find(|character| !is_allowed(character))?;
        Self::at(text, at)
    }

    /// Returns the character at a byte offset.
    pub(crate) fn at(text: &str, at: usize) -> Option<Self> {
        let mut rest = text.get(at..)?.chars();
        Some(Self {
            character: rest.next()?,
            position: text.get(..at)?.chars().count() + 1,
            is_last: rest.as_str().is_empty(),
        })
    }

    /// Whether a reader of the value cannot see the character.
    pub(crate) fn is_invisible(&self) -> bool {
        self.character.is_whitespace()
            || self.character.is_control()
            || matches!(
                self.character,
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
            )
    }

    /// Describes the character, and how to fix the value. The value is not repeated.
    pub(crate) fn message(&self, fix: &str) -> String {
        let position = self.position;
        let edge = match self.position {
            1 => ", the first",
            _ if self.is_last => ", the last",
            _ => "",
        };
        format!(
            "contains {} (character {position}{edge}); {fix}",
            self.kind()
        )
    }

    fn kind(&self) -> &'static str {
        match self.character {
            ' ' => "a space",
            '\t' => "a tab",
            '\n' | '\r' => "a line break",
            '"' => "a quotation mark",
            '#' => "a number sign",
            '%' => "a percent sign",
            '/' => "a slash",
            ';' => "a semicolon",
            '<' | '>' => "an angle bracket",
            '?' => "a question mark",
            '@' => "an at sign",
            '[' | ']' => "a square bracket",
            '\\' => "a backslash",
            '^' => "a caret",
            '`' => "a backtick",
            '{' | '}' => "a curly bracket",
            '|' => "a vertical bar",
            '\u{feff}' => "a byte order mark",
            other if other.is_control() => "a control character",
            other if other.is_ascii() => "a character that is not allowed",
            other if other.is_whitespace() => "a non-ASCII space",
            _ if self.is_invisible() => "an invisible character",
            _ => "a non-ASCII character",
        }
    }
}
