package diagnostics

// Failing are the words of the causes.
var Failing = failing

// Sayings gives, by a name for the test, what is said in English and in Chinese.
func Sayings() map[string][2]string {
	all := map[string][2]string{}
	add := func(table string, english, chinese map[Code]words) {
		for c, w := range english {
			all[table+" "+string(c)+", what"] = [2]string{w.what, chinese[c].what}
			all[table+" "+string(c)+", remedy"] = [2]string{w.remedy, chinese[c].remedy}
		}
		for c := range chinese {
			if _, ok := english[c]; !ok {
				all[table+" "+string(c)] = [2]string{"", "there is no such code"}
			}
		}
	}
	english := map[Code]words{}
	for _, e := range catalogue {
		english[e.Code] = words{e.What, e.Remedy}
	}
	add("catalogue", english, chineseCatalogue)
	add("direct", directWords, chineseDirectWords)
	add("git", gitWords, chineseGitWords)
	for _, table := range []map[string]string{chineseWords, chineseAmbience} {
		for text, translated := range table {
			all[text] = [2]string{text, translated}
		}
	}
	return all
}
