// English for the Chinese words that workflows are looked for with: most manifests are written in English.

const WORDS = new Map(Object.entries({
  "情感": "sentiment", "情绪": "sentiment", "分析": "analysis", "摘要": "summary", "总结": "summary", "概括": "summary",
  "翻译": "translate", "分类": "classify", "提取": "extract", "抽取": "extract", "关键词": "keyword", "关键字": "keyword",
  "实体": "entity", "路由": "route", "分派": "route", "审核": "review", "评审": "review", "评论": "review", "改写": "rewrite",
  "润色": "polish", "评分": "score", "打分": "score", "问答": "answer", "回答": "answer", "问题": "question", "生成": "generate",
  "写作": "writing", "检测": "detect", "识别": "recognize", "脱敏": "anonymize", "匿名": "anonymize", "比较": "compare",
  "对比": "compare", "检查": "check", "校对": "proofread", "标注": "tag", "标签": "tag", "规划": "plan", "计划": "plan",
  "索引": "index", "清洗": "clean", "清理": "clean", "预处理": "preprocess", "匹配": "match", "转换": "convert", "排序": "rank",
  "合并": "merge", "搜索": "search", "检索": "retrieve", "邮件": "email", "工单": "ticket", "客服": "support", "客户": "customer",
  "发票": "invoice", "合同": "contract", "简历": "resume", "会议": "meeting", "纪要": "minutes", "文章": "article",
  "论文": "paper", "报告": "report", "新闻": "news", "问卷": "survey", "聊天": "chat", "日志": "log", "代码": "code",
  "测试": "test", "数据": "data", "表格": "table", "图片": "image", "图像": "image", "视觉": "vision", "语音": "speech",
  "文本": "text", "文字": "text", "文档": "document", "句子": "sentence", "订单": "order", "退款": "refund", "产品": "product",
  "政策": "policy", "法律": "legal", "财务": "finance", "金融": "finance", "医疗": "medical", "教育": "education",
  "营销": "marketing", "销售": "sales", "招聘": "hiring", "安全": "security", "隐私": "privacy", "质量": "quality",
  "博客": "blog", "标题": "headline", "食谱": "recipe", "测验": "quiz", "课程": "lesson", "提示词": "prompt", "智能体": "agent",
  "中文": "chinese", "英文": "english", "英语": "english", "多语言": "multilingual", "离线": "offline", "循环": "loop",
}));
const LONGEST = Math.max(...[...WORDS.keys()].map((word) => word.length));

/** The English words for a run of Han; none where a part of it isn't known. */
export const translated = (run) => {
  const found = [];
  for (let at = 0; at < run.length;) {
    let length = Math.min(LONGEST, run.length - at);
    while (length && !WORDS.has(run.slice(at, at + length))) length -= 1;
    if (!length) return [];
    found.push(WORDS.get(run.slice(at, at + length)));
    at += length;
  }
  return found;
};
