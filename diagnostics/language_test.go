package diagnostics_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/probe"
)

func TestParseLanguage(t *testing.T) {
	for locale, want := range map[string]diagnostics.Language{
		"":            diagnostics.English,
		"en":          diagnostics.English,
		"de-CH":       diagnostics.English,
		"zha":         diagnostics.English, // Zhuang
		"zh":          diagnostics.Chinese,
		"zh-cn":       diagnostics.Chinese,
		"zh_CN.UTF-8": diagnostics.Chinese,
		"zh-Hans-SG":  diagnostics.Chinese,
		"zh-tw":       diagnostics.English,
		"zh-Hant":     diagnostics.English,
		"zh_HK.UTF-8": diagnostics.English,
	} {
		if got := diagnostics.ParseLanguage(locale); got != want {
			t.Errorf("ParseLanguage(%q) = %d, not %d", locale, got, want)
		}
	}
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// TestSayings wants each saying in all languages, with the same placeholders.
func TestSayings(t *testing.T) {
	all := diagnostics.Sayings()
	for name, texts := range all {
		english, chinese := placeholder.FindAllString(texts[0], -1), placeholder.FindAllString(texts[1], -1)
		slices.Sort(english)
		slices.Sort(chinese)
		if diff := cmp.Diff(slices.Compact(english), slices.Compact(chinese)); (texts[0] == "") != (texts[1] == "") || diff != "" {
			t.Errorf("%s: %q is %q in Chinese", name, texts[0], texts[1])
		}
	}
	for cause, text := range diagnostics.Failing {
		if all[text][1] == "" && text != "" {
			t.Errorf("cause %d: %q is not there in Chinese", cause, text)
		}
	}
}

// TestChinese looks at whole messages: what the go command says is quoted in
// them as it is.
func TestChinese(t *testing.T) {
	for cause := probe.NoCause + 1; int(cause) < probe.Causes; cause++ {
		s := twoLines(diagnostics.Judge(lost(cause)), diagnostics.Weather{})
		s.Language = diagnostics.Chinese
		m := diagnostics.Find(s)[0].Message()
		if strings.ContainsAny(m, "{}\ufffd") || strings.Contains(m, "the proxy") || !strings.HasSuffix(m, "。go 命令的输出：the words") {
			t.Errorf("cause %d says %q", cause, m)
		}
	}
}

// TestRetell takes what the packages below say.
func TestRetell(t *testing.T) {
	for text, want := range map[string]string{
		"":             "",
		"open x: gone": "open x: gone",
		"the team's pattern corp.example (.modreach.json) covers it":           "团队的模式 corp.example（.modreach.json）覆盖它",
		"this machine has a netrc entry for git.corp.example":                  "本机有针对 git.corp.example 的 netrc 条目",
		`GOPRIVATE has "x/{2}", which was meant to cover it and never matches`: `GOPRIVATE 中的 "x/{2}" 本应覆盖它，却永远不会匹配`,
		"GOPRIVATE has corp.example/a, which is beside it":                     "GOPRIVATE 中有与它相邻的 corp.example/a",
	} {
		if got := diagnostics.Chinese.Retell(text); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
		if got := diagnostics.English.Retell(text); got != text {
			t.Errorf("%q is %q in English", text, got)
		}
	}
	r := lost(probe.AuthNeeded)
	r.Fault.Tried = "netrc has no entry for proxy.example, git gave no login"
	s := twoLines(diagnostics.Judge(r), diagnostics.Weather{})
	s.Language = diagnostics.Chinese
	const want = "代理 https://proxy.example 要求登录才能获取 example.com/a：netrc 中没有 proxy.example 的条目，git 没有给出登录信息。"
	if got := diagnostics.Find(s)[0].What; got != want {
		t.Errorf("got %q, not %q", got, want)
	}
}
