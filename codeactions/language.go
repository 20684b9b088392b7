package codeactions

import "strings"

// say gives a title in the language of the scene. pairs are the placeholders in
// braces, each with what stands there.
func (s Scene) say(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(s.Language.Translate(text, chinese))
}

// chinese are the titles in Chinese, by the English ones.
var chinese = map[string]string{
	"Change the version to {version}":                      "将版本改为 {version}",
	"Change the version of the replacement to {version}":   "将替换模块的版本改为 {version}",
	"Change the path to {path} (imports have to follow)":   "将路径改为 {path}（import 也要随之修改）",
	"Check this file again now":                            "立即重新检查此文件",
	"Show the route of {module}":                           "显示 {module} 的路由",
	"Copy \"{command}\"":                                   "复制“{command}”",
	"Ignore {code} on this line":                           "在此行忽略 {code}",
	"Add {pattern} to {settings}":                          "将 {pattern} 加入 {settings}",
	" and ":                                                " 和 ",
	" (1 module here)":                                     "（此处有 1 个模块）",
	" ({n} modules here)":                                  "（此处有 {n} 个模块）",
	" (1 module here, not verified by {database} then)":    "（此处有 1 个模块，此后不由 {database} 验证）",
	" ({n} modules here, not verified by {database} then)": "（此处有 {n} 个模块，此后不由 {database} 验证）",
	"; ":                                                            "；",
	"nobody has tried it":                                           "尚未试过",
	"{host} then asks for a login":                                  "之后 {host} 要求登录",
	"{host} cannot be reached now":                                  "{host} 现在无法连接",
	"{host} answered in {ms} ms":                                    "{host} 在 {ms} 毫秒内应答",
	"it is in the module cache":                                     "它在模块缓存中",
	"it was found":                                                  "已找到",
	"Replace {module} with the checkout in {dir}":                   "将 {module} 替换为 {dir} 中的检出",
	"Replace {module} with a directory ...":                         "将 {module} 替换为某个目录…",
	"Use the checkout in {dir} in go.work":                          "在 go.work 中使用 {dir} 中的检出",
	"Remove the replace of {module} with {dir}":                     "删除将 {module} 替换为 {dir} 的 replace",
	"Remove the replace of {module} with {dir} from go.work":        "从 go.work 中删除将 {module} 替换为 {dir} 的 replace",
	"Remove the replace of {module} with {dir}, which nothing uses": "删除将 {module} 替换为 {dir} 的 replace，它没有被用到",
	inWorkspace: "，仅限此工作区",
	"Let GOPROXY go on after any error of {name}":               "让 GOPROXY 在 {name} 出现任何错误后继续",
	"Take {left} out of {name}":                                 "从 {name} 中去掉 {left}",
	"Take {name} out of GOPROXY":                                "从 GOPROXY 中去掉 {name}",
	"Let GOPROXY end with direct":                               "让 GOPROXY 以 direct 结尾",
	"Put the mirror {mirror} in the place of {name} in GOPROXY": "在 GOPROXY 中用镜像 {mirror} 代替 {name}",
	"Put the mirror {mirror} into GOPROXY":                      "将镜像 {mirror} 加入 GOPROXY",
	" (what follows is then asked for private modules, too)":    "（此后也会向其后的代理询问私有模块）",
	" ({name} refuses it, perhaps on purpose)":                  "（{name} 拒绝它，可能是有意的）",
	"Correct {name} to {value}":                                 "将 {name} 更正为 {value}",
	"Narrow {name} to {value}":                                  "将 {name} 缩小为 {value}",
	"Take back {name}":                                          "撤销 {name}",

	"Let go fetch {toolchain} with GOTOOLCHAIN=auto":        "用 GOTOOLCHAIN=auto 让 go 获取 {toolchain}",
	"in {file}, line {line}":                                "{file} 第 {line} 行",
	"by this Go installation":                               "此 Go 安装",
	" (now it is {value}, set {where}, perhaps on purpose)": "（现为 {value}，设在{where}中，可能是有意的）",

	"Ask the same checksum database through the proxies that serve it, or at {host} (GOSUMDB)": "通过提供它的代理或在 {host} 询问同一个校验和数据库（GOSUMDB）",
	"Ask the same checksum database at {host} (GOSUMDB)":                                       "在 {host} 询问同一个校验和数据库（GOSUMDB）",
	"Ask the same checksum database at the proxy {host} (GOSUMDB)":                             "在代理 {host} 询问同一个校验和数据库（GOSUMDB）",

	"{setting} would help: {came}. {name} is set {where}; go env -w would have no effect.": "{setting} 会有帮助：{came}。{name} 设在{where}中，go env -w 不会起作用。",

	"in the environment that the editor was started with": "启动编辑器的环境",
	"in the editor's settings (modreach.env)":             "编辑器的设置（modreach.env）",

	"If {pattern} is private, add it to {name}, which is set {where}; go env -w would have no effect.": "如果 {pattern} 是私有的，请将它加入 {name}；该变量设在{where}中，go env -w 不会起作用。",
}
