package diagnostics

// chineseCatalogue has the sentences of the catalogue in Chinese, with the same
// placeholders.
var chineseCatalogue = map[Code]words{
	DNSNotFound: {
		"{Hop} 无法连接：不存在名为 {host} 的主机。",
		"请检查 GOPROXY 中的名称，或连接认识该名称的 VPN。",
	},
	DNSFailed: {
		"{Hop} 无法连接：域名服务器无法解析 {host}。",
		"本机的域名服务器出错；请检查网络或 VPN。",
	},
	DNSTimeout: {
		"{Hop} 无法连接：查询 {host} 时没有域名服务器应答。",
		"请检查网络连接或 VPN。",
	},
	ConnectRefused: {
		"{Hop} 无法连接：{host} 拒绝连接，该处没有程序在监听。",
		"请启动它，或更正 GOPROXY 中的地址。{pass}",
	},
	ConnectTimeout: {
		"{Hop} 无法连接：{host} 对连接请求没有应答（go 会为每个文件等待 30 秒）。",
		"防火墙丢弃了数据包，或主机已停机；请连接 VPN，或改用其他代理。{pass}",
	},
	ConnectReset: {
		"{Hop} 在应答之前断开了连接（{host}）。",
		"连接在途中被切断，常见原因是防火墙；请换一个网络或代理再试。",
	},
	NoRoute: {
		"{Hop} 无法连接：本机没有通往 {host} 的路由。",
		"请连接能够到达那里的网络或 VPN。",
	},
	OSDenied: {
		"{Hop} 无法连接：本机禁止连接 {host}。",
		"被本机防火墙或沙箱拒绝；请允许本程序和 go 建立连接。",
	},
	HTTPProxyFailed: {
		"{Hop} 无法连接：HTTP 代理{via} 没有接通它。",
		"请更正 HTTPS_PROXY（http 地址则为 HTTP_PROXY），或将该主机加入 NO_PROXY。",
	},
	HTTPProxyAuth: {
		"{Hop} 无法连接：HTTP 代理{via} 要求登录。",
		"请在 HTTPS_PROXY（http 地址则为 HTTP_PROXY）的主机名之前写上 user:password@。",
	},
	TLSUnknownAuthority: {
		"{Hop} 不可信任：{host} 的证书由未知的机构签发。",
		"如果那是贵公司的机构，请在系统中安装其根证书，或在 SSL_CERT_FILE 中指定证书文件。",
	},
	TLSName: {
		"{Hop} 不可信任：{host} 的证书属于另一个名称。",
		"请使用证书上的名称，或请对方更正证书。",
	},
	TLSExpired: {
		"{Hop} 不可信任：{host} 的证书已过期。",
		"请对方更新证书；如果别人可以连接，请检查本机的时钟。",
	},
	TLSNotYetValid: {
		"{Hop} 不可信任：{host} 的证书尚未生效。",
		"请检查本机的时钟。",
	},
	TLSHandshake: {
		"{Hop} 无法连接：{host} 没有完成 TLS 握手。",
		"要么它只支持 TLS 1.1 及更旧的版本，要么途中的防火墙丢弃了连接；请换一个网络或代理再试。",
	},
	TLSIntercepted: {
		"通往 {hosts} 的连接在途中被拆开：它们的证书全部由同一个未知机构签发。",
		"如果那是贵公司的机构，请在系统中安装其根证书，或在 SSL_CERT_FILE 中指定证书文件。",
	},
	TLSClientCert: {
		"{Hop} 要求客户端证书，而 go 命令无法出示。",
		"请改用以密码登录的地址，或使用持有该证书的本地转发程序。",
	},
	NoAnswer: {
		"{Hop} 接受连接后便不再应答（{host}）；go 会无限期地等待。",
		"在修复之前请改用其他代理；在它后面写 | 没有用，因为 go 从不放弃等待。",
	},
	NotHTTP: {
		"{Hop} 使用的协议与其地址不符（{host}）。",
		"请检查 GOPROXY 中的协议（http 或 https）和端口。",
	},
	BadAnswer: {
		"{Hop} 返回的内容不是模块代理的应答。",
		"请检查 GOPROXY 中的地址：那里可能是网页、登录表单或其他服务。",
	},
	CaptivePortal: {
		"应答的是网络的登录页面，而不是{hop}。",
		"请打开浏览器登录网络。",
	},
	AuthNeeded: {
		"{Hop} 要求登录才能获取 {module}{tried}。",
		"请将凭据写入 netrc 文件，或写入 GOPROXY 中的地址（仅限 https）。",
	},
	Forbidden: {
		"{Hop} 禁止访问 {module} {version}{tried}。",
		"请询问其所有者；如果该模块不应来自那里，请将它加入 GONOPROXY。{pass}",
	},
	RateLimited: {
		"{Hop} 被询问得过于频繁，暂时拒绝应答。",
		"请稍候再试，或改用其他代理。",
	},
	ServerError: {
		"{Hop} 出错，状态为 {status}。",
		"请告知其所有者。{pass}",
	},
	ModuleNotFound: {
		"找不到 {module} {version}；最后询问的是{hop}。",
		"请检查路径。如果是私有模块，请将它加入 GOPRIVATE，让 go 直接询问它自己的主机。",
	},
	VersionNotFound: {
		"{module} 没有版本 {version}；最接近的是 {nearest}。",
		"请修改版本；如果是您自己的模块，请推送该标签。",
	},
	TooFresh: {
		"{module} {version} 已经存在{age}，但{hop} 还不知道它。",
		"请稍候再试：过早询问过的版本可能在半小时内都被记作不存在。也可以直接从代码仓库获取：GOPROXY=direct；如果是私有模块，还需要 GONOSUMDB。",
	},
	PathMismatch: {
		"{module} {version} 的 go.mod 声明了{declared}，用它构建会失败。",
		"请按它所声明的路径来 require，或用那个模块替换它：go mod edit -replace。",
	},
	NoFallback: {
		"{Hop} {fails}，而它后面的逗号使 go 不再询问{beyond}，后者有 {module} {version}。",
		"请将 GOPROXY 中的那个逗号改为 |：这样 go 在任何错误之后都会继续，而不仅是在版本不存在时。",
	},
	InvalidPath: {
		"{module} 不是模块路径。",
		"请更正：路径以小写的、带点的主机名开头，并且不含特殊字符。",
	},
	InvalidVersion: {
		"{version} 不是 {module} 可以有的版本。",
		"请更正版本，或路径末尾的 /vN：两者的主版本号必须一致。",
	},
	GoImportMissing: {
		"{host} 上 {module} 的页面没有说明模块存放在何处。",
		"请检查路径。如果路径正确，该页面可能是给浏览器用的登录表单；请在 netrc 文件中为 go 提供登录信息，或请所有者加上 go-import 标签。",
	},
	GoImportMismatch: {
		"{host} 上 {module} 的页面没有 go 能用于此路径的 go-import 标签。",
		"请逐个字母比较路径与标签；如果路径正确，则须由页面的所有者修正。",
	},
	InsecureHost: {
		"向{Hop} 发出的询问不会加密，go 在这里拒绝这样做。",
		"请在 GOPROXY 中使用 https 地址。",
	},
	ProxyOff: {
		"设置禁止获取 {module} {version}，而模块缓存中没有它。",
		"GOPROXY 为 off，或 GODEBUG 中的 cmdgonetlimit 为 0：请更改设置，或将模块复制到缓存中。",
	},
	VCSMissing: {
		"获取 {module} 需要 {tool}，而本机没有安装。",
		"请在本机安装它，或让 GOPROXY 中的代理来获取该模块。",
	},
	VCSAuth: {
		"{host} 上 {module} 的代码仓库不允许 git 访问。",
		"请为 git 提供登录信息：credential helper、~/.netrc 中的一行，或 ssh 密钥加 url.insteadOf。GOAUTH 和 NETRC 不用于 git，并且 go 从不提示登录。",
	},
	VCSHostKey: {
		"ssh 不信任 {host} 出示的密钥。",
		"请将该密钥与其所有者公布的密钥比较。如果相同，请用 ssh 手动接受一次；如果已更换，请先删除旧的：ssh-keygen -R。",
	},
	VCSDisallowed: {
		"不得从代码仓库获取 {module}：有规则禁止这种仓库或这种连接。",
		"请更改 GOVCS 或 git 协议设置中的规则，或让代理来获取该模块。",
	},
	VCSNoRevision: {
		"{module} 的代码仓库中没有 go 能接受的 {version}。",
		"请推送标签或提交；子目录中模块的标签以该目录名开头。或者 require 一个存在的版本：标签、其中的 go.mod 与路径中的 /vN 必须一致。",
	},
	SumDBUnreachable: {
		"无法校验 {module} {version} 的哈希：{hop} {fails}。",
		"如果校验和数据库在此处被屏蔽，请将 GOSUMDB 设为它的一个未被屏蔽的地址；私有模块请列入 GOPRIVATE，若已设置 GONOSUMDB 则列入后者。",
	},
	SumDBNotFound: {
		"{Hop} 不知道 {module} {version}，因此 go 拒绝它。",
		"如果是私有模块，请将它加入 GOPRIVATE，若已设置 GONOSUMDB 则加入后者；如果刚刚发布，请几分钟后再试。",
	},
	SumMismatch: {
		"来自{hop} 的 {module} {version} 与 go.sum 或校验和数据库中该版本的记录不符。",
		"在弄清原因之前请勿使用：标签被移动过，或有人篡改。在得到证明之前应以 go.sum 为准。",
	},
	ToolchainUnavailable: {
		"已安装的 go 命令对此模块来说太旧，并且不得获取更新的版本。",
		"请安装 go 行所要求的版本，或允许 go 获取它：go env -w GOTOOLCHAIN=auto。",
	},
	ToolMissing: {
		"此 go.mod 所 require 的模块都不提供工具 {package}。",
		"请 require 该模块：go get -tool {package}；或删除该行：go mod edit -droptool={package}。",
	},
	DiskCache: {
		"模块缓存无法使用。",
		"请检查 GOMODCACHE 及其所有者和权限。",
	},
	Offline: {
		"本机似乎处于离线状态：无法连接 {hosts}。",
		"请连接网络；模块缓存中已有的内容仍可构建。",
	},
	NetworkFiltered: {
		"此网络似乎不允许访问 {hosts}。",
		"请联系网络管理员放行这些主机，或在 GOPROXY 中使用此处允许的代理；换一个网络或使用 VPN 即可判断是否为网络所致。",
	},
	RouteLeak: {
		"{module} 看起来是私有模块（{evidence}）；go 会把它的路径和版本（不含代码）告诉公共的{hop}。",
		"请将它加入 GOPRIVATE，这样只会询问它自己的主机；本次检查没有询问。",
	},
	SumDBLeak: {
		"{module} 看起来是私有模块（{evidence}）；GONOPROXY 使它不经过代理，但 go 会把它的路径和版本告诉公共的{hop}。",
		"请将它也加入 GONOSUMDB，或加入同时代替两者的 GOPRIVATE；本次检查没有询问。",
	},
	ReplaceMissing: {
		"{module} 被替换为 {dir}，而那里没有目录。",
		"请将模块检出到那里、更正路径，或删除该 replace。",
	},
	ReplaceInvalid: {
		"{module} 的 replace 指令无法使用。",
		"请更正：replace 模块 => 目录，或 模块 => 其他模块 版本；每个模块和版本只能有一条指令。",
	},
	ReplaceNoGoMod: {
		"{module} 被替换为 {dir}，而那里没有 go.mod。",
		"请写出模块所在的目录，或删除该 replace。",
	},
	EnvProxy: {
		"GOPROXY 无法使用。",
		"请用 go env -w GOPROXY=... 更正，或在设置它的环境中更正。",
	},
	EnvInvalid: {
		"go 环境中的一项设置无法使用，go 因此失败。",
		"请在设置它的环境中更正，或在 go env -w 所写的文件中更正。",
	},
	FallbackUsed: {
		"{module} {version} 之所以可达，只是因为 go 跳过了{hop}，它{fails}。",
		"请修复或删除 GOPROXY 中的这一项：它会拖慢每个文件的获取。",
	},
	Retracted: {
		"作者已撤回 {module} {version}{rationale}。",
		"请改用未撤回的版本：go get {module}@latest。",
	},
	Deprecated: {
		"作者已将 {module} 标为弃用：{advice}。",
		"请按该建议处理；已有的版本仍可使用。",
	},
	GoSumSyntax: {
		"go 命令无法读取此模块的 go.sum 文件，因此什么也不获取。",
		"请更正 go 所指出的那一行；可能是合并留下了冲突标记。",
	},
	GoModSyntax: {
		"go 命令无法读取这一行，整个文件因此失败。",
		"请更正或删除该行。",
	},
	ReplacePathMismatch: {
		"{module} 被替换为 {new}，而后者的 go.mod 声明的是{declared}。",
		"请替换为声明自身路径或被替换模块路径的模块；或替换为目录，go 对目录不作此要求。",
	},
	ReplaceUnused: {
		"这里没有任何内容使用该指令：{why}。",
		"请删除它：go mod edit -dropreplace={old}。如果更下层的某个模块需要它，请保留。",
	},
	OverbroadPrivate: {
		"在 {place} 设置的 {setting} 中有 {pattern}，它也覆盖了公开的模块：{modules}。{cost}。",
		"{mend}",
	},
	EnvPattern: {
		"在 {place} 设置的 {setting} 并不覆盖它看起来覆盖的内容：{why}。",
		"{mend}",
	},
	EnvShadowed: {
		"{file} 中的 {setting}={hidden} 不起作用：{place} 中有 {setting}={value}，优先采用后者。",
		"{mend}",
	},
	EnvUnknown: {
		"在 {place} 设置的 {setting} 不起作用：{why}。",
		"{mend}",
	},
	Netrc: {
		"{why}。",
		"{mend}",
	},
	CachedOnly: {
		"{module} {version} 在这里可以构建，因为模块缓存中有它；在全新的机器或 CI 上会失败。",
		"请在缓存被清理或他人需要它之前，解决该行的错误。",
	},
}
