package diagnostics

import "strings"

// Language is the one that people are told in; the zero value is English. What
// the go command and the hosts said is quoted as it is in any of them.
type Language uint8

const (
	// English is what all others are translated from.
	English Language = iota
	// Chinese is that with simplified characters.
	Chinese
)

// ParseLanguage reads the name of a locale as an editor or a system gives it,
// such as "zh-cn", "zh-Hans" or "zh_CN.UTF-8". It gives English for a language
// that there are no texts in; that is the case of Chinese with traditional
// characters, too.
func ParseLanguage(locale string) Language {
	name, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), ".")
	if name != "zh" && !strings.HasPrefix(name, "zh-") {
		return English
	}
	for _, traditional := range []string{"-hant", "-tw", "-hk", "-mo"} {
		if strings.Contains(name, traditional) {
			return English
		}
	}
	return Chinese
}

// Describe gives the entry of a code in the language, and the English one where
// that has none; ok is false for an unknown code.
func (l Language) Describe(c Code) (e Entry, ok bool) {
	e, ok = Describe(c)
	if w := chineseCatalogue[c]; l == Chinese {
		e = e.with(w)
	}
	return e, ok
}

// Translate gives an English text as a table has it in the language; the text
// itself where it is not there. Placeholders in braces stay.
func (l Language) Translate(text string, chinese map[string]string) string {
	if translated := chinese[text]; l == Chinese && translated != "" {
		return translated
	}
	return text
}

// say translates what this package has to say beside the catalogue.
func (l Language) say(text string) string {
	if _, ok := chineseAmbience[text]; ok {
		return l.Translate(text, chineseAmbience)
	}
	return l.Translate(text, chineseWords)
}
