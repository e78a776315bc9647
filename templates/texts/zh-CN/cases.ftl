case-state-draft = 草稿
case-state-submitted = 待预审
case-state-correcting = 待补正
case-state-pre-accepted = 预审通过
case-state-received = 已收件
case-state-not-accepted = 不予受理
case-state-accepted = 已受理
case-state-dispatched = 已派发部门
case-state-processing = 部门办理中
case-state-handling = 待承办
case-state-reviewing = 待审核
case-state-approving = 待批准
case-state-decided = 已决定
case-state-finished = 已办结
case-state-withdrawn = 已撤回
case-state-abandoned = 视为放弃

case-event-submit = 提交申报
case-event-pre-accept = 预审通过
case-event-ask-correction = 一次性告知补正
case-event-answer-correction = 提交补正
case-event-expire-correction = 逾期未补正
case-event-refuse-acceptance = 不予受理
case-event-receive = 收件
case-event-accept = 受理
case-event-deem-accepted = 逾期未答复，视为受理
case-event-dispatch = 派发部门系统
case-event-take = 部门系统接收
case-event-progress = 部门系统办理进展
case-event-assign = 转入部门审批
case-event-handle = 承办
case-event-review = 审核同意
case-event-return-to-handler = 审核退回承办
case-event-return-to-reviewer = 批准退回审核
case-event-approve = 批准
case-event-decide = 部门作出决定
case-event-finish = 办结
case-event-withdraw = 申请人撤回

case-channel-web = 网上
case-channel-window = 窗口
case-channel-terminal = 自助终端
case-channel-api = 接口

case-decision-granted = 准予
case-decision-refused = 不予

case-due-ok = 剩 { $days } 个工作日
case-due-soon = 剩 1 个工作日
case-due-today = 今天到期
case-due-over = 超期 { $days } 个工作日
case-due-over-now = 已超期
case-due-none = 无时限

case-applicant = 申请人
case-name = 姓名或名称
case-uscc = 统一社会信用代码
case-phone = 手机号码
case-address = 地址
case-agent = 经办人
case-unanswered = 未填
case-results = 办理结果
case-materials = 材料
case-needed = 必要
case-verdict-accepted = 窗口：符合
case-verdict-defect = 窗口：需补正
case-on-paper = 纸质件已收
case-no-file = 没有电子文件
case-standard = 审查标准：
case-item-gone = （已下线的事项）

case-by-person = 申请人
case-by-anyone = 访客
case-by-staff = 工作人员
case-by-department = 部门系统
case-by-system = 系统自动


case-until-decide = 承诺 { $day }
case-until-answer = 受理期限 { $day }
case-until-correct = 补正期限 { $day }
case-limit-decide = 承诺期限
case-limit-answer = 受理期限
case-limit-correct = 补正期限
