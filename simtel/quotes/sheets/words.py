"""The words by which rows of a quote are known: marks, labels of sums, terms, vendor and date."""

import re

BRACKETS = re.compile(r"[(\[【{（][^()（）]*[)\]】}）]")
MARK = re.compile(
    r"[(（]?([一二三四五六七八九十]{1,3}|[ivx]{1,4}|[a-z])[)）]?[、.．:：\s]?|\d{1,2}(\.\d{1,2}){0,3}[、.．]?"
    r"|第.{1,2}[部分章节项]+|part\w{1,2}|section\w{1,2}"
)
LEADING = re.compile(r"^[(（]?([一二三四五六七八九十]{1,3}|\d{1,2}(\.\d{1,2}){0,2})[)）、.．:：]+")
SHARE = r"@?(\d+(\.\d+)?%)?"
MONEY = r"(人民币|rmb|cny|usd|元)?"
# What the label of a sum says, the first that fits. It is compared without spaces, brackets and what follows a colon.
LESS = "优惠|折扣|让利|减免|下浮"
SUMS = {
    "words": r".{0,12}大写.{0,4}|.{0,10}inwords",
    "subtotal": rf".{{0,20}}(小计|sub-?total){MONEY}",
    "tax": rf"(其中)?(增值税|税金|税额|税费|税率|税|vat|tax|gst|salestax)(税?额|税?率|amount|rate)?{SHARE}{MONEY}",
    "discount": rf"(less|special)?({LESS}|discount|rebate){{1,2}}(额|金额|率|幅度|amount|rate)?{SHARE}{MONEY}",
    "offer": (
        r"(优惠后?|折扣?后|最终|最后|实际|成交|特别)(优惠)?"
        rf"(总?价格?|报价|总?金额|总额|总计|合计|总报价){MONEY}|报价"
        r"|(our)?offer(price|total)?|net(total|price|amount)?|final(price|offer|total)|specialprice"
        r"|discounted(total|price)|totalafterdiscount"
    ),
    "total": (
        r"(设备|项目|本页|以上|系统|工程|费用|报价|含税|不含税|税前|税后|全部|目录|grand|overall|list|net)?"
        r"(合计|总计|总价格?|总额|总金额|金额|共计|价税合计|总报价|total|totalprice|totalamount|sum|sumtotal|totalsum)"
        rf"((excl|incl|excluding|including|with|without)\.?(tax|vat))?{MONEY}"
    ),
}
KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in SUMS.items())
TERMS = (  # what a text below the table is about: the word in it that comes first
    ("warranty", re.compile(r"质保|保修|保质|warranty|guarantee")),
    ("maintenance", re.compile(r"维护|维保|maintenance|技术支持服务")),
    ("delivery", re.compile(r"交货|交付|供货|货期|工期|到货|运费|运输|delivery|freight|leadtime|shipment")),
    ("payment", re.compile(r"付款|支付|结算|预付|付清|payment|prepaid")),
    ("validity", re.compile(r"有效|valid")),
    ("installation", re.compile(r"安装|调试|install|commissioning")),
    ("training", re.compile(r"培训|training")),
    ("acceptance", re.compile(r"验收|acceptance")),
    ("response", re.compile(r"响应|responsetime")),
    ("standards", re.compile(r"执行标准|标准[:：]|standards")),
    ("tax", re.compile(r"含税|%税|税率|税点|增值税|发票|vat|tax|invoice")),
)  # fmt: skip
SENTENCES = re.compile(r"[；;。]\s*|\s+(?=\d{1,2}[、.．)）]\s*\D)")
TITLE = re.compile(r"报价|方案|清单|配置表|quot|offer|proposal|pricelist|billofquantit")
TITLE_ENDS = re.compile(r"(报价[单书表]?|方案书?|清单|配置表|quotation|proposal|offer|pricelist)([(（].*)?$")
NUMBERED = re.compile(r"(no\.?|number|编号|单号)$")  # the label of a number
VENDOR = re.compile(
    r"(供应商|报价单位|报价公司|报价方|投标单位|投标人|卖方|乙方|供方|公司名称|vendor|supplier|seller|bidder|from|company)(名称|name)?"
)
OTHERS = re.compile(  # labels of what is neither a term nor kept, whatever words stand behind them
    r"(项目|工程|客户|用户|买方|需方|甲方|采购方?|采购单位|招标人|收货|地址|主题|网址|开户行|账号|税号"
    r"|project|customer|client|buyer|address|to|subject|re|ref|web|website)(名称|单位|地址|name)?|.*(编号|单号|no\.?|number)"
)
COMPANY = re.compile(
    r"公司|集团|研究院|研究所|厂$"
    r"|\b(co|ltd|inc|llc|gmbh|corp|corporation|limited|company|plc|ag|s\.?a|technologies|systems|group)\b",
    re.IGNORECASE,
)
DATE = re.compile(r"(报价|编制|制表|投标)?(日期|时间)|(quotation|quote|offer|issue)?date(of(issue|quotation))?|dated")
UNTAXED = re.compile(
    r"不含[^，。,;；]{0,8}税|未税|(excl\w*\.?|without|plus)(of)?(vat|tax|gst)|(vat|tax|gst)(not|extra|excl)"
)
TAXED = re.compile(r"含[^，。,;；]{0,8}税|价税合计|incl\w*\.?(of)?(vat|tax|gst)|(vat|tax|gst)(is)?incl")
EMPTY = re.compile(rf"{MARK.pattern}|(备注|说明|条款|remarks?|notes?|terms.*):?")  # says nothing below a table
OPTIONAL = re.compile(r"选配|可选|选件|optional")
BY_BUYER = re.compile(
    r"自备|甲供|用户提供|客户提供|甲方提供|suppliedby(the)?(buyer|customer|client)|bythe(buyer|customer)"
)
TOKEN = re.compile(r"[¥￥$€£]?\s*\d[\d,，]*(?:\.\d+)?\s*万?元?")
