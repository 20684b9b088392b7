package route_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/route"
)

// corpKey is a verifier key made for these tests; nobody signs with it.
const corpKey = "sum.corp.test/db+a0b7c7bb+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"

func TestParseSumDB(t *testing.T) {
	tests := []struct {
		name, value string
		want        string // "NAME URL [fixed]", "off", or the error after "!"
	}{
		{"off", "off", "off"},
		{"known", "sum.golang.org", "sum.golang.org https://sum.golang.org"},
		{"alias", "sum.golang.google.cn", "sum.golang.org https://sum.golang.google.cn fixed"},
		{"own key", corpKey, "sum.corp.test/db https://sum.corp.test/db"},
		{"key and URL", corpKey + " http://localhost:1/x", "sum.corp.test/db http://localhost:1/x fixed"},
		{"known name and URL", "sum.golang.org https://mirror.test/sumdb", "sum.golang.org https://mirror.test/sumdb fixed"},
		{"URL without scheme", "sum.golang.org mirror.test/sumdb", "sum.golang.org https://mirror.test/sumdb fixed"},
		{"blanks around", "  sum.golang.org  ", "sum.golang.org https://sum.golang.org"},
		{"three fields", "sum.golang.org https://a.test b", "!invalid GOSUMDB: too many fields"},
		{"other word", "sum.corp.test", "!invalid GOSUMDB: malformed verifier id"},
		{"OFF", "OFF", "!invalid GOSUMDB: malformed verifier id"},
		{"wrong hash", "sum.golang.org+00000000+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "!invalid GOSUMDB: invalid verifier hash"},
		{"empty", "", "!missing GOSUMDB"},
		{"blank", " ", "!missing GOSUMDB"},
		{
			"name that is no host", "sum.corp.test/+ec4dd022+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
			"!invalid sumdb name (must be host[/path]): sum.corp.test/ {Scheme:https Opaque: User: Host:sum.corp.test Path:/ Fragment: RawQuery: RawPath: RawFragment: ForceQuery:false OmitHost:false}",
		},
		{"bad URL", "sum.golang.org https://us:secret@h:bad", `!invalid GOSUMDB URL: parse "https://us:xxxxx@h:bad": invalid port "xxxxx" after host`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, err := route.ParseSumDB(tt.value)
			var got string
			switch {
			case err != nil:
				got = "!" + err.Error()
			case db.Off:
				got = "off"
			default:
				got = fmt.Sprintf("%s %s", db.Name, db.URL)
				if db.Fixed {
					got += " fixed"
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParseSumDB(%q) (-want +got):\n%s", tt.value, diff)
			}
		})
	}
}
