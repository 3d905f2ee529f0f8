"""Text as the lexical search compares it: one width, one case, new kanji, no small kana or blanks.

Statutes write 行つた for 行った and older ones 屆出 for 届出; a question writes the other.
"""

import re
import unicodedata
from typing import Final

_OLD: Final = (
    "亞亜惡悪壓圧圍囲醫医爲為壹壱隱隠榮栄營営衞衛驛駅圓円應応歐欧櫻桜假仮價価會会擴拡學学樂楽勸勧觀観歸帰"
    "氣気舊旧據拠擧挙區区驅駆縣県輕軽經経繼継徑径惠恵顯顕驗験檢検權権劍剣廣広鑛鉱號号國国濟済齋斎劑剤雜雑"
    "參参贊賛產産殘残絲糸齒歯兒児辭辞實実寫写釋釈壽寿收収從従澁渋獸獣縱縦肅粛處処緖緒敍叙將将證証獎奨條条"
    "狀状乘乗淨浄剩剰疊畳讓譲釀醸眞真盡尽圖図粹粋醉酔穗穂隨随數数聲声靜静齊斉攝摂專専戰戦淺浅潛潜錢銭禪禅"
    "雙双總総莊荘搜捜爭争裝装增増藏蔵臟臓屬属續続墮堕對対體体帶帯滯滞臺台瀧滝澤沢單単擔担膽胆斷断彈弾遲遅"
    "晝昼蟲虫鑄鋳廳庁聽聴敕勅鎭鎮遞逓鐵鉄轉転點点傳伝黨党盜盗當当燈灯鬪闘德徳獨独讀読屆届繩縄貳弐惱悩腦脳"
    "廢廃拜拝賣売麥麦發発髮髪拔抜蠻蛮祕秘濱浜拂払佛仏竝並變変邊辺辯弁舖舗步歩寶宝豐豊沒没每毎萬万滿満默黙"
    "譯訳藥薬與与餘余譽誉搖揺樣様謠謡來来覽覧龍竜兩両獵猟綠緑壘塁勵励禮礼隸隷戀恋爐炉勞労樓楼祿録灣湾戶戸"
)
_NEW: Final = str.maketrans(_OLD[::2], _OLD[1::2])
_SMALL: Final = str.maketrans(
    "ァィゥェォッャュョぁぃぅぇぉっゃゅょ", "アイウエオツヤユヨあいうえおつやゆよ"
)
_BLANKS: Final = re.compile(r"\s+")


def modern(text: str) -> str:
    """The text in one width (NFKC) with the kanji of today: what an encoder reads."""
    return unicodedata.normalize("NFKC", text).translate(_NEW)


def comparable(text: str) -> str:
    """The text as characters are compared: `modern`, lower case, large kana, no blanks."""
    return _BLANKS.sub("", modern(text).lower().translate(_SMALL))
