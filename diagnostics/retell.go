package diagnostics

import (
	"regexp"
	"strconv"
	"strings"
)

// Retell gives in the language what packages below have put into words already,
// such as why a path looks private; the words themselves where they are of the go
// command or of a host.
func (l Language) Retell(text string) string {
	if l != Chinese {
		return text
	}
	for _, r := range chineseReports {
		if values := r.english.FindStringSubmatch(text); values != nil {
			pairs := []string{}
			for i, value := range values[1:] {
				pairs = append(pairs, "{"+strconv.Itoa(i+1)+"}", l.Retell(value))
			}
			return strings.NewReplacer(pairs...).Replace(r.chinese)
		}
	}
	return text
}

// retellAll retells several sentences that commas separate.
func (l Language) retellAll(text string) string {
	all := strings.Split(text, ", ")
	for i := range all {
		all[i] = l.Retell(all[i])
	}
	return strings.Join(all, l.say(", "))
}

// report is a sentence with places for values in braces.
type report struct {
	english *regexp.Regexp
	chinese string
}

// reports reads pairs of sentences, in which {1} and {2} are the values.
func reports(pairs ...[2]string) []report {
	value := strings.NewReplacer(`\{1\}`, "(.+)", `\{2\}`, "(.+)")
	all := make([]report, len(pairs))
	for i, p := range pairs {
		all[i].english = regexp.MustCompile("^" + value.Replace(regexp.QuoteMeta(p[0])) + "$")
		all[i].chinese = p[1]
	}
	return all
}

// chineseReports are the sentences of packages route and probe.
var chineseReports = reports(
	// why a path looks private
	[2]string{"the team's pattern {1} ({2}) covers it", "团队的模式 {1}（{2}）覆盖它"},
	[2]string{"its host is an address of a private network", "其主机是私有网络的地址"},
	[2]string{"its host {1} has a name that no public name server knows", "其主机 {1} 的名称没有公共域名服务器知道"},
	[2]string{"its host {1} has no address outside of private networks", "其主机 {1} 没有私有网络之外的地址"},
	[2]string{"this machine has {1} for {2}", "本机有针对 {2} 的 {1}"},
	[2]string{"GOAUTH has a command for {1}", "GOAUTH 有针对 {1} 的命令"},
	[2]string{"it is on the host of this module, whose repository is there too", "它与本模块在同一台主机上，本模块的代码仓库也在那里"},
	[2]string{"{1} covers it with {2}", "{1} 以 {2} 覆盖它"},
	[2]string{"{1} has {2}, which was meant to cover it and never matches", "{1} 中的 {2} 本应覆盖它，却永远不会匹配"},
	[2]string{"{1} has {2}, which is beside it", "{1} 中有与它相邻的 {2}"},
	[2]string{"{1} cannot be read ({2}), and may name it", "{1} 无法读取（{2}），其中可能写有它"},

	[2]string{"a netrc entry", "netrc 条目"},
	[2]string{"an ssh Host entry", "ssh 的 Host 条目"},
	[2]string{"a credential setting of git", "git 的凭据设置"},
	[2]string{"git's url.insteadOf", "git 的 url.insteadOf"},
	[2]string{"git's http.extraHeader", "git 的 http.extraHeader"},

	[2]string{"withheld from the {1}, which is public, because {2}", "没有告诉公共的 {1}，因为{2}"},

	// what became of a login
	[2]string{"go shows credentials over https only", "go 只通过 https 出示凭据"},
	[2]string{"the login of {1} was refused", "{1} 的登录信息被拒绝"},
	[2]string{"the login in its address was refused", "其地址中的登录信息被拒绝"},
	[2]string{"GOAUTH is off", "GOAUTH 为 off"},
	[2]string{"{1} has no entry for {2}", "{1} 中没有 {2} 的条目"},
	[2]string{"{1} gave no login", "{1} 没有给出登录信息"},

	// what came of a line without a question
	[2]string{"not checked yet", "尚未检查"},
	[2]string{"nobody is asked before the workspace is trusted", "在工作区受信任之前不询问任何主机"},
	[2]string{"not asked: the network is switched off", "未询问：网络已关闭"},
	[2]string{"not asked: the file is in no file system", "未询问：该文件不在任何文件系统中"},
	[2]string{"not asked: the file is in the module cache, where nobody runs the go command", "未询问：该文件在模块缓存中，没有人在那里运行 go 命令"},
	[2]string{"not asked: go.work, or the file of -modfile, cannot be read", "未询问：无法读取 go.work 或 -modfile 指定的文件"},
	[2]string{"in the module cache", "在模块缓存中"},
	[2]string{"the installed go command does not mind it", "已安装的 go 命令不受其影响"},
	[2]string{"the installed {1} is new enough", "已安装的 {1} 足够新"},
	[2]string{"the toolchain line asks for a newer version", "toolchain 行要求更新的版本"},
	[2]string{"go.work decides", "由 go.work 决定"},
	[2]string{"part of the standard library", "属于标准库"},
	[2]string{"the toolchain has to be fetched first: {1}", "须先获取工具链：{1}"},

	[2]string{"Its name is {1}.", "其名称为 {1}。"},
)
