package server

import (
	"strings"

	"github.com/modreach/modreach/diagnostics"
)

// say gives what the server says in the language of the person in front of it.
func say(l diagnostics.Language, text string) string { return l.Translate(text, chinese) }

// reason gives the reason of a verdict; what the go command says is as it is.
func reason(l diagnostics.Language, v diagnostics.Verdict) string {
	const served = "served by "
	if hop, ok := strings.CutPrefix(v.Reason, served); ok && v.State == diagnostics.Reachable {
		return say(l, served) + l.HopNamed(hop)
	}
	return l.Retell(v.Reason)
}

// chinese is what the server says by itself, by its English words.
var chinese = map[string]string{
	diagnostics.Unknown.String():     "未知",
	diagnostics.Reachable.String():   "可达",
	diagnostics.Cached.String():      "已缓存",
	diagnostics.Unreachable.String(): "不可达",
	diagnostics.Skipped.String():     "已跳过",

	"served by ": "来自",
	", ":         "，",

	"Replaced by %s (%s).":              "被替换为 %s（%s）。",
	"Latest version known: %s":          "已知的最新版本：%s",
	"| Hop | Answer | Time | Age |":     "| 途经 | 应答 | 用时 | 已过 |",
	"from ":                             "来自",
	"Open ":                             "打开 ",
	"Checking modules":                  "正在检查模块",
	"Which directory is to replace %s?": "用哪个目录替换 %s？",
	"not asked":                         "未询问",
	" ago":                              "前",
	"resolve":                           "解析",
	"connect":                           "连接",
	"handshake":                         "握手",
	"request":                           "请求",
	"body":                              "正文",
	"vcs":                               "版本控制",
	"checksum":                          "校验和",
	"Check every line again now":        "立即重新检查每一行",
	fixAll:                              "删除所有未使用的内容",
}
