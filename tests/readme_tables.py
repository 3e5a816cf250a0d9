"""Tables of README that are drawn from the program: criteria with their limits, kinds of faults. Both languages.

`python -m tests.test_readme` writes them, with the table of requirements, between their marks.
"""

from simtel.core.faults import FAULTS, FaultKind
from simtel.core.i18n import term, translate
from simtel.core.quantity import Unit
from simtel.core.units import show
from simtel.verdict.criteria import ALWAYS, CRITERIA
from simtel.verdict.criterion import LimitSpec

# What each criterion measures, and in what.
MEASURES = {
    "stable-calls-preserved": (
        "share of the calls up at the fault that went on: silences below `gap_at_most`, dialog answered, one record",
        "故障时在线的通话中得以继续的比例：静音不超过 `gap_at_most`，对话有应答，话单一张",
    ),
    "media-gap": (
        "time: longest silence after the fault that either end heard on a call up then; a call that was cut fails",
        "时间：故障时在线的通话任一端在故障之后听到的最长静音；被切断的通话判为不通过",
    ),
    "outage-seconds-system": (
        "time in a year without access for half of the seats or trunks, longer than 30 s each (95 % interval)",
        "时间：一年中至少一半坐席或中继无法通话的时间，每次超过 30 s（95 % 区间）",
    ),
    "outage-seconds-user": (
        "time in a year without access for an average user, longer than 30 s each (95 % interval)",
        "时间：一年中平均每个用户无法通话的时间，每次超过 30 s（95 % 区间）",
    ),
    "failover-time": (
        "time from the fault to the next answered service check, the longest outage; checks every 200 ms",
        "时间：从故障到下一次业务探测得到应答，取最长一次；每 200 ms 探测一次",
    ),
    "promoted-once": (
        "number of take-overs heard from outside, against those that the faults called for",
        "从外部听到的倒换次数，与故障所要求的次数相比",
    ),
    "new-calls-after": (
        "number of calls blocked, of those offered later than `within` after the fault",
        "故障 `within` 之后呼入的呼叫中被阻塞的个数",
    ),
    "queue-kept": (
        "share of the callers waiting at the fault who were served in their order or gave up by themselves",
        "故障时排队者中按原次序得到服务或自行放弃的比例",
    ),
    "priority-first": (
        "share of the callers with priority, waiting beside others, whom no other of their group was preferred to",
        "与他人一同排队的优先用户中未被同组其他用户越过的比例",
    ),
    "cdr-exactly-once": (
        "share of the answered calls with exactly one record, right to a second",
        "已应答呼叫中恰有一张话单且时长误差不超过一秒的比例",
    ),
    "recordings-kept": (
        "share of the talks that must be recorded whose recording is whole; those that were refused apart",
        "应录音的通话中录音完整的比例，以及被拒绝录音的个数",
    ),
    "seat-isolation": (
        "number of other talking seats that felt a fault; `at_most` tells how many seats may hang on the struck part",
        "受故障影响的其他通话坐席个数；`at_most` 指明可有几个坐席挂在故障部件上",
    ),
    "right-seat": (
        "number of calls that rang at another seat than the one meant, after the fault",
        "故障之后振铃到其他坐席而不是应到坐席的呼叫个数",
    ),
    "clear-speech": (
        "time: the longest noise heard in a talk that ended after the fault",
        "时间：故障之后结束的通话中听到杂音的最长时间",
    ),
    "blocking": (
        "share of all attempts refused or failed (95 % interval); those refused for neither trunk nor seat apart",
        "全部呼叫尝试中被拒绝或失败的比例（95 % 区间），以及中继和坐席都不缺却被拒绝的个数",
    ),
    "agent-capacity": (
        "number of seats that talked at once, and what was refused first",
        "同时通话的坐席个数，以及最先被拒绝的资源",
    ),
    "overload": (
        "calls completed per second from `overloaded_from` on, against the pace before or `rated` (95 % interval)",
        "自 `overloaded_from` 起每秒完成的呼叫，与此前的额定水平或 `rated` 之比（95 % 区间）",
    ),
    "handled-attempts": (
        "share of attempts not refused for want of processing nor left without an answer (95 % interval)",
        "既未因处理能力不足被拒绝、也未得不到应答的呼叫尝试的比例（95 % 区间）",
    ),
    "set-up-delay": (
        "time: the quantile `share` of the delays until the centre answers; how many exceed `at_most` is a sample",
        "时间：呼叫中心应答前时延的 `share` 分位数；超过 `at_most` 的比例按抽样判定",
    ),
    "post-dialling-delay": (
        "time: the quantile `share` of the delays from an agent's dialling to the circuit; likewise a sample",
        "时间：从坐席拨号到占用电路的时延的 `share` 分位数；同样按抽样判定",
    ),
    "cut-off-ratio": (
        "share of the answered calls that were cut off (exact 95 % interval)",
        "已应答呼叫中被切断的比例（精确95 % 区间）",
    ),
    "loss-against-erlang-b": (
        "share of attempts lost beyond B(`circuits`, offered load of the log), with a 95 % interval",
        "超出爱尔兰公式 B(`circuits`, 日志中的话务量) 的呼损比例，95 % 区间取自运行的各段",
    ),
    "registration-recovery": (
        "time from the fault until the last seat was registered again, or rung",
        "时间：从故障到最后一个坐席重新注册或被振铃",
    ),
    "agent-state-kept": (
        "share of the agents logged in at the fault who neither went out, nor were refused, nor got a second call",
        "故障时已登录的话务员中既未退出、也未被拒绝登录、也未收到第二个呼叫的比例",
    ),
    "slip-rate": (
        "slips per time at the worst end of an E1, until the load ended (95 % interval), with the class of G.822",
        "E1滑码最多的一端在话务结束前的滑码率（95 % 区间），并给出 G.822 的等级",
    ),
    "timeslot-release": (
        "longest time for which a timeslot stayed busy after the call on it was over, until the load ended",
        "话务结束前，通话结束后时隙仍被占用的最长时间",
    ),
    "conservation": (
        "number of calls lost or counted twice, of timeslots and seats with two calls",
        "丢失或重复计数的呼叫、同时承载两个通话的时隙和坐席的个数",
    ),
    "quiescence": (
        "number of calls, timeslots, dialogs, licences, ports still held after the run",
        "运行结束后仍被占用的呼叫、时隙、对话、授权、端口个数",
    ),
    "one-active": (
        "time in which two servers of a pair were heard as active at once; not judged where there is one server",
        "从外部听到两台服务器同时为主用的时间；只有一台服务器的站点不判",
    ),
}
STRIKES_ZH = {
    FaultKind.CRASH: "设备立即停止，故障解除后重新启动",
    FaultKind.HANG: "设备停止工作，但心跳仍在",
    FaultKind.LINK_DOWN: "设备的局域网连接被拔掉，设备继续运行",
    FaultKind.HEARTBEAT_LOST: "两台服务器之间的两条心跳线都断，业务网仍通",
    FaultKind.REPLICATION_LOST: "复制通道悄悄丢弃一切",
    FaultKind.REPLICATION_LATE: "复制通道把一切延迟 `delay`",
    FaultKind.LATENT: "备机已失效而显示正常，到下次备机检测才发现",
    FaultKind.SPAN_CUT: "E1 线缆断开",
    FaultKind.SPAN_DEAF: "E1 通往网关的一对线断开：网关无信号（LOS），并以 RAI 告知局端",
    FaultKind.SPAN_MUTE: "E1 通往局端的一对线断开：局端无信号（LOS），并以 RAI 告知网关",
    FaultKind.SPAN_AIS: "两端之间的传输设备故障，向两端发送全1码（AIS）",
    FaultKind.CLOCK_TWO_MASTERS: "网关在 E1 上用自己的时钟而不跟随局端：两端皆为主，产生滑码",
    FaultKind.CLOCK_TWO_SLAVES: "局端也跟随 E1 的时钟：两端皆为从，无人守时，局端产生滑码",
    FaultKind.SPAN_LOF: "有信号，但两端都找不到帧（LOF）",
    FaultKind.SPAN_TS16: "双向仅16时隙丢失（全1）：E1上话音照通，信令不通",
    FaultKind.RELEASE_UNANSWERED: "E1 上拆线得不到对端确认：先拆线的一方一直占着时隙（T308）",
    FaultKind.RESTART_UNANSWERED: "E1上收到时隙复位（RESTART）的一方不予确认：该时隙最终退出服务（T316）",
    FaultKind.PORT_DEAD: "板卡的一个端口（`port`）失效",
    FaultKind.CONSOLE_CRASH: "坐席的软话务台停止",
    FaultKind.HEADSET_LOST: "坐席的耳机或手柄失效",
    FaultKind.HEADSET_UNPLUGGED: "坐席的耳机插头被拔出，话机本身正常",
    FaultKind.NO_DIAL_TONE: "一个端口（`port`）无拨号音",
    FaultKind.NO_LOOP_CURRENT: "一个端口（`port`）不馈电",
    FaultKind.STUCK_OFF_HOOK: "一个端口（`port`）始终认为话机摘机",
    FaultKind.STUCK_ON_HOOK: "一个端口（`port`）始终认为话机挂机",
    FaultKind.RING_NO_TRIP: "一个端口（`port`）应答后仍继续振铃",
    FaultKind.CODEC_NOISE: "一个端口（`port`）的编解码器给话音加入杂音，其余正常",
    FaultKind.LINES_CROSSED: "一个端口（`port`）与下一个端口的线路接反",
    FaultKind.DSP_DEAD: "信号处理器失效：一组端口（`group`）不通话音",
    FaultKind.RING_DEAD: "铃流发生器失效：整板话机都不振铃",
    FaultKind.WATCHDOG_RESET: "板卡看门狗复位，自行重新启动",
    FaultKind.BUS_LOST: "板卡失去与服务器和局域网之间的总线，线路仍有馈电",
    FaultKind.BOARD_SWAP: "板卡被拔出，故障解除时换上另一块",
    FaultKind.BOARD_UNSEATED: "板卡在槽位中未插紧：接触时断时续，每半个 `period` 一变",
    FaultKind.POWER_LOST: "一路供电中断，只靠它供电的设备停止",
    FaultKind.HEARTBEAT_ONE_WAY: "对端听不到该服务器的心跳，反方向仍通",
    FaultKind.LINK_FLAP: "设备的局域网连接时断时续，`period` 的一半断、一半通",
    FaultKind.STALL: "服务器连同心跳全部停顿，故障解除后凭原有记忆继续",
    FaultKind.ADDRESS_STALE: "局域网迟 `delay` 才知道业务地址属于哪台服务器（没有免费 ARP）",
    FaultKind.SWITCHOVER: "不是故障：操作员让主用服务器把业务交给对端",
    FaultKind.ADDED: "不是故障：接入并录入一个坐席，或一块板卡及其坐席；此前它不存在",
    FaultKind.LICENCES_ADDED: "不是故障：操作员录入最后 `count` 个坐席授权；此前缺少这些授权",
    FaultKind.SLOW: "服务器做任何事都要花 `factor` 倍的时间，但什么也没有停止",
    FaultKind.CLOCK_AHEAD: "有人把服务器的日历时钟拨快 `by`",
    FaultKind.CLOCK_BACK: "有人把服务器的日历时钟拨慢 `by`",
    FaultKind.DISK_FULL: "服务器磁盘已满：话单和录音都无法写入",
}
HEADS = {
    "criteria": {
        "en": ("criterion", "asks", "measures", "limits: unit, default"),
        "zh": ("判据", "问什么", "测什么", "限值：单位，默认值"),
    },
    "faults": {"en": ("fault", "what happens", "strikes"), "zh": ("故障", "含义", "对象")},
}
WORDS = {
    "en": {"must": "stated by the scenario", "may": "optional", "none": "no limit", "always": "judged in every run"},
    "zh": {"must": "由场景给出", "may": "可选", "none": "无限值", "always": "每次运行必判"},
}
UNITS = {
    "en": {Unit.TIME: "time", Unit.SHARE: "%", Unit.COUNT: "number", Unit.RATE: "rate"},
    "zh": {Unit.TIME: "时间", Unit.SHARE: "%", Unit.COUNT: "个数", Unit.RATE: "速率"},
}


def criteria(lang: str) -> list[tuple[str, ...]]:
    """A row for each criterion."""
    place = list(UNITS).index(lang)
    rows = []
    for id_, criterion in CRITERIA.items():
        limits = [_limit(name, spec, lang) for name, spec in criterion.limits.items()] or [WORDS[lang]["none"]]
        if id_ in ALWAYS:
            limits.append(WORDS[lang]["always"])
        title = translate(criterion.title.template, lang)
        rows.append((f"`{id_}`", title, MEASURES[id_][place], ("；" if lang == "zh" else "; ").join(limits)))
    return rows


def _limit(name: str, spec: LimitSpec, lang: str) -> str:
    words = WORDS[lang]["must" if spec.required else "may"]
    if spec.default is not None:
        words = f"{show(spec.default.value, spec.unit)} ({spec.default.basis})"
        if lang == "zh":
            words = f"{show(spec.default.value, spec.unit)}（{term(spec.default.basis, lang)}）"
    return f"`{name}`: {UNITS[lang][spec.unit]}, {words}" if lang == "en" else (
        f"`{name}`：{UNITS[lang][spec.unit]}，{words}"
    )  # fmt: skip


def faults(lang: str) -> list[tuple[str, ...]]:
    """A row for each kind of fault."""
    return [
        (f"`{kind}`", what if lang == "en" else STRIKES_ZH[kind], ", ".join(f"`{role}`" for role in roles))
        for kind, (what, roles) in FAULTS.items()
    ]


TABLES = {"criteria": criteria, "faults": faults}


def marks(name: str) -> tuple[str, str]:
    """What stands before and after a table."""
    return f"<!-- {name}: written by tests/test_readme.py -->", f"<!-- /{name} -->"


def drawn(name: str, lang: str) -> str:
    """A table as Markdown between its marks."""
    head = HEADS[name][lang]
    lines = [head, tuple("---" for _ in head), *TABLES[name](lang)]
    begin, end = marks(name)
    return "\n".join([begin, *("| " + " | ".join(line) + " |" for line in lines), end])


def fill(text: str, lang: str) -> str:
    """README with these tables written anew. ValueError when one has no place."""
    for name in TABLES:
        begin, end = marks(name)
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"no place for the table of {name}")
        text = before + drawn(name, lang) + after
    return text
