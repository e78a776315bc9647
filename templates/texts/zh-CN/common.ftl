app-name = 云超市
app-name-work = 云超市工作台
city-app-name = 云川市政务服务云超市
city-services = 云川市政务服务
skip-to-content = 跳到主要内容

nav-main = 主导航
nav-home = 首页
nav-items = 办事
nav-progress = 查进度
nav-my = 我的
nav-login = 登录
nav-logout = 退出
nav-hall-desk = 窗口受理
nav-hall-declare = 窗口申报
nav-approval-desk = 审批
nav-supervise = 监察
nav-admin = 管理

foot-hotline = 政务服务便民热线
foot-hotline-hours = 工作日 8:30–17:30
foot-nav = 页脚
foot-halls = 办事大厅
foot-staff = 工作人员入口
foot-invented = 演示系统：云川市为虚构城市，本站不办理真实业务。

dialog-confirm = 请确认
dialog-no = 取消
dialog-yes = 确定
dialog-close = 知道了
dialog-session = 即将退出登录
dialog-session-before = 为保护您的信息，
dialog-session-after = 后将自动退出。
dialog-session-stay = 继续办理
keys-title = 键盘快捷键
keys-rows = 下一行、上一行
keys-open = 打开所选办件
keys-search = 搜索
keys-help = 本说明

home-title = 想办什么事，说出来就行

not-found-title = 找不到这个页面
not-found-text = 地址可能写错了，或者事项已经下线。
