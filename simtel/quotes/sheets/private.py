"""Which texts name a person or a way to reach one. They are dropped and counted, and never written anywhere."""

import re
import unicodedata

_WHO = (
    r"联系人|联络人|联系方式|联系电话|经办人|报价人|业务员|业务代表|销售(?:代表|经理|员|人员)?|客户经理|项目经理"
    r"|商务经理|负责人|签字|签名|签章|签署人?|授权代表|法定代表人|法人代表|法人|收件人|制表人?|审核人?|编制人?"
    r"|审批人?|姓名|电话|手机号?码?|座机|传真|电?子?邮箱|电子邮件|微信号?|qq|热线"
    r"|contact(?: person| name| number)?|attn|attention|tel(?:ephone)?(?: no)?|phone(?: no| number)?"
    r"|mobile(?: no)?|cell(?: phone)?|hotline|fax(?: no)?|e-?mail|prepared by|approved by|checked by|quoted by"
    r"|issued by|signed(?: by)?|signature|wechat|whatsapp"
    r"|sales(?: rep(?:resentative)?| person| manager| contact)|salesperson|account manager|project manager"
    r"|representative"
)
_LABEL = re.compile(rf"(?:{_WHO})\.?", re.IGNORECASE)
LABELLED = rf"(?<![a-z])(?:{_WHO})\.?\s*(?:[(（][^()（）]{{0,12}}[)）])?\s*[:：]"  # in any case
_LABELLED = re.compile(LABELLED, re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:1[3-9]\d(?:[ -]?\d{4}){2}|\(?0\d{2,3}\)?[ -]\d{7,8}|[48]00[ -]\d{3,4}[ -]\d{3,4}"
    r"|\+\d[\d ()-]{7,17}\d|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4})(?!\d|\.\d)"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
_PERSON = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐)|(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:经理|总监?|工程师|工)(?![\u4e00-\u9fff])"
    r"|\b(?:mr|mrs|ms|dr)\b\.? ?[a-z]",
    re.IGNORECASE,
)


def reaches(text: str) -> bool:
    """Whether a text holds a person's name under its label, a form of address, a telephone number or an address."""
    seen = unicodedata.normalize("NFKC", text)
    return any(pattern.search(seen) for pattern in (_LABELLED, _NUMBER, _MAIL, _PERSON))


def labels(text: str) -> bool:
    """Whether a text is nothing but the label of such a thing; what stands beside it is the thing."""
    return _LABEL.fullmatch(unicodedata.normalize("NFKC", text).strip(" :：*")) is not None
