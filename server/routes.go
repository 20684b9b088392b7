package server

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/semver"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/server/wire"
)

// shower is the command by which a client tells that it shows the result of
// ShowRoute itself.
const shower = "modreach.show"

// showRoute gives the route of a requirement as text, and shows it where the
// client does not.
func (s *session) showRoute(ctx context.Context, now *snapshot, o order) (any, error) {
	v, err := s.current(ctx, now, o.URI)
	if err != nil {
		return nil, err
	}
	if v != nil {
		for i, r := range v.file.Requires {
			if r.Mod.Path != o.Module || o.Version != "" && r.Mod.Version != o.Version || i >= len(v.scene.Verdicts) {
				continue
			}
			verdict := v.scene.Verdicts[i]
			text := routeText(now.client.language, verdict, time.Now(), false)
			if !now.client.runs(shower) {
				s.tell(text)
			}
			return struct {
				Text     string `json:"text"`
				Markdown string `json:"markdown"`
			}{text, routeText(now.client.language, verdict, time.Now(), true)}, nil
		}
	}
	return nil, wire.Errorf(wire.RequestFailed, "no line requires %s any more", strings.TrimSpace(o.Module+" "+o.Version))
}

// routeText tells what each hop of a route said, as Markdown or as plain text.
func routeText(l diagnostics.Language, v diagnostics.Verdict, now time.Time, markdown bool) string {
	r := v.Report
	esc := func(text string) string { return text }
	if markdown {
		esc = escape
	}
	var b strings.Builder
	title := strings.TrimSpace(r.Route.Required.Path + " " + r.Route.Required.Version)
	if markdown {
		fmt.Fprintf(&b, "**%s**: %s", esc(title), say(l, v.State.String()))
	} else {
		fmt.Fprintf(&b, "%s: %s", title, say(l, v.State.String()))
	}
	if v.Reason != "" {
		b.WriteString(say(l, ", ") + esc(flat(reason(l, v))))
	}
	if r.Route.Replaced != "" && r.Route.Mod != r.Route.Required {
		fmt.Fprintf(&b, "\n\n"+say(l, "Replaced by %s (%s)."), esc(strings.TrimSpace(r.Route.Mod.Path+" "+r.Route.Mod.Version)), r.Route.Replaced)
	}
	rows := hopRows(l, v, now)
	if len(rows) > 0 {
		b.WriteString("\n\n")
		if markdown {
			writeTable(l, &b, rows)
		} else {
			writeLines(&b, rows)
		}
	}
	if newest := latest(r); newest != "" {
		fmt.Fprintf(&b, "\n\n"+say(l, "Latest version known: %s"), esc(newest))
	}
	return b.String()
}

// hopRow is what one hop said, in a few words each.
type hopRow struct{ hop, answer, took, age string }

// hopRows gives a row for each hop of a route, asked or not.
func hopRows(l diagnostics.Language, v diagnostics.Verdict, now time.Time) []hopRow {
	var rows []hopRow
	r := v.Report
	for i, res := range r.Results {
		row := hopRow{hop: l.Hop(res.Hop), answer: say(l, "not asked")}
		if told := l.Told(res); told != "" {
			row.answer = flat(strings.TrimPrefix(told, row.hop+": "))
		}
		if i == r.Hop && v.Code != "" && v.State == diagnostics.Unreachable {
			row.answer += " (" + string(v.Code) + ")"
		}
		row.took, row.age = times(l, res, now)
		rows = append(rows, row)
	}
	return rows
}

// times gives how long a hop took for its answers, phase by phase, and how old
// the oldest of them is.
func times(l diagnostics.Language, res probe.Result, now time.Time) (took, age string) {
	var sums [probe.Checksum + 1]time.Duration
	var oldest time.Time
	for _, ans := range res.Answers {
		for _, step := range ans.Steps {
			sums[step.Phase] += step.Took
		}
		if !ans.At.IsZero() && (oldest.IsZero() || ans.At.Before(oldest)) {
			oldest = ans.At
		}
	}
	var parts []string
	for phase, d := range sums {
		if d > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", say(l, probe.Phase(phase).String()), short(d)))
		}
	}
	if !oldest.IsZero() {
		age = max(now.Sub(oldest), 0).Round(time.Second).String() + say(l, " ago")
	}
	return strings.Join(parts, ", "), age
}

// short gives a duration with as many digits as a person reads.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// latest gives the highest version that any hop has listed; empty for none.
func latest(r probe.Report) string {
	known := slices.Clone(r.Known)
	for _, res := range r.Results {
		known = append(known, res.Answers[probe.List].Versions...)
	}
	if len(known) == 0 {
		return ""
	}
	return slices.MaxFunc(known, func(a, b string) int {
		// The go command takes a release for the latest where there is one.
		if release := (semver.Prerelease(a) == "") != (semver.Prerelease(b) == ""); release {
			if semver.Prerelease(a) == "" {
				return 1
			}
			return -1
		}
		return semver.Compare(a, b)
	})
}

func writeTable(l diagnostics.Language, b *strings.Builder, rows []hopRow) {
	b.WriteString(say(l, "| Hop | Answer | Time | Age |") + "\n|---|---|---|---|")
	for _, r := range rows {
		fmt.Fprintf(b, "\n| %s | %s | %s | %s |", escape(r.hop), escape(r.answer), r.took, r.age)
	}
}

func writeLines(b *strings.Builder, rows []hopRow) {
	for i, r := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(b, "%s: %s", r.hop, r.answer)
		if r.took != "" {
			fmt.Fprintf(b, " (%s)", r.took)
		}
		if r.age != "" {
			fmt.Fprintf(b, ", %s", r.age)
		}
	}
}

// flat gives a text in one line, without what a terminal would obey.
func flat(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(c rune) bool { return c <= ' ' || c == 0x7f }), " ")
}

// escape gives a text as it stands in Markdown, where some of what hosts say
// would mean something else: a link, an image, a table's end. Editors show the
// backslashes where they do not render, so there are no more than needed.
func escape(text string) string {
	var b strings.Builder
	runes := []rune(" " + text + " ")
	for i, c := range runes[1 : len(runes)-1] {
		inWord := letter(runes[i]) && letter(runes[i+2])
		if strings.ContainsRune("\\`*[]<|&~", c) || c == '_' && !inWord {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// letter reports whether an underscore beside c may be part of a word, where it
// means nothing else.
func letter(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// requirementAt gives the index of the requirement on the line of an offset: a
// require line, or a replace line for one.
func requirementAt(f *gomod.File, offset int) (i int, place gomod.Span, ok bool) {
	line := f.LineSpan(offset)
	on := func(s gomod.Span) bool { return line.Start <= s.Start && s.Start <= line.End }
	for i, r := range f.Requires {
		if on(r.Line) {
			return i, r.Line, true
		}
	}
	for _, r := range f.Replaces {
		if !on(r.Line) {
			continue
		}
		for i, q := range f.Requires {
			if q.Mod.Path == r.Old.Path && (r.Old.Version == "" || r.Old.Version == q.Mod.Version) {
				return i, r.Line, true
			}
		}
	}
	return 0, gomod.Span{}, false
}
