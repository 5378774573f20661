// What ranks a search. scripts/search_ranking.py writes this out of registry_tool/site/search/ranking.json.
export default {
  "about": "What ranks a search, for Python and for the site's script alike: `scripts/search_ranking.py` writes site_templates/assets/search-ranking.js out of this.",
  "worth": {"1": 7, "2": 6.4, "3": 5.8, "4": 5, "t": 4, "c": 2.5, "d": 1.5, "x": 1},
  "fit": {
    "exact": 1, "longer": 0.8, "longer_by_one": 0.1, "related": 0.75, "one_typo": 0.6, "two_typos": 0.4,
    "half_typo": 0.1, "translated": 0.3, "named": 0.5
  },
  "bonus": {"whole_name": 6, "name_covered": 1.5, "word_more": 20},
  "standing": {"least": 0.85, "per_point": 0.01, "deprecated": 0.4},
  "han": {"share": 0.6, "some": 0.2},
  "typos": {"most_variants": 12, "one_from": 4, "two_from": 8},
  "longest_word": 40,
  "stop_words": [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "its", "of", "on", "or",
    "that", "the", "this", "to", "with", "you", "your"
  ],
  "suffixes": [
    "ifications", "ification", "ifiers", "ifying", "ified", "ifier", "ifies", "ify", "izations", "ization",
    "izers", "izing", "izes", "izer", "ized", "ize", "isations", "isation", "ising", "ises", "iser", "ised",
    "ise", "ations", "ation", "ators", "ating", "ator", "ated", "ates", "ate", "ings", "ing", "ions", "ion",
    "ies", "ied", "ers", "er", "ors", "or", "es", "ed", "al", "s", "e", "y"
  ],
  "dimensions": {
    "tag": "tag", "author": "author", "category": "category", "licence": "licence", "license": "licence",
    "block": "block", "edge": "edge", "model": "model", "provider": "provider", "标签": "tag", "作者": "author",
    "分类": "category", "许可": "licence", "块": "block", "边": "edge", "模型": "model", "提供商": "provider"
  },
  "flags": {
    "offline": "offline", "certified": "certified", "deprecated": "deprecated", "离线": "offline",
    "认证": "certified", "弃用": "deprecated"
  },
  "numbers": {
    "score": "score", "downloads": "downloads", "rating": "rating", "updated": "updated", "评分": "score",
    "下载": "downloads", "评价": "rating", "更新": "updated"
  },
  "sort_words": ["sort", "排序"],
  "no_words": ["no", "false", "0", "否"],
  "orders": {
    "relevance": "prior", "updated": "updated", "downloads": "downloads", "rating": "rating", "score": "score",
    "name": "name"
  },
  "single": ["author", "category", "licence", "score"],
  "bands": {"90": "90..100", "80": "80..89", "60": "60..79", "0": "0..59"},
  "chinese": {
    "情感": "sentiment", "情绪": "sentiment", "分析": "analysis", "摘要": "summary", "总结": "summary", "概括": "summary",
    "翻译": "translate", "分类": "classify", "提取": "extract", "抽取": "extract", "关键词": "keyword", "关键字": "keyword",
    "实体": "entity", "路由": "route", "分派": "route", "审核": "review", "评审": "review", "评论": "review",
    "改写": "rewrite", "润色": "polish", "评分": "score", "打分": "score", "问答": "answer", "回答": "answer",
    "问题": "question", "生成": "generate", "写作": "writing", "检测": "detect", "识别": "recognize", "脱敏": "anonymize",
    "匿名": "anonymize", "比较": "compare", "对比": "compare", "检查": "check", "校对": "proofread", "标注": "tag",
    "标签": "tag", "规划": "plan", "计划": "plan", "索引": "index", "清洗": "clean", "清理": "clean", "预处理": "preprocess",
    "匹配": "match", "转换": "convert", "排序": "rank", "合并": "merge", "搜索": "search", "检索": "retrieve",
    "邮件": "email", "工单": "ticket", "客服": "support", "客户": "customer", "发票": "invoice", "合同": "contract",
    "简历": "resume", "会议": "meeting", "纪要": "minutes", "文章": "article", "论文": "paper", "报告": "report",
    "新闻": "news", "问卷": "survey", "聊天": "chat", "日志": "log", "代码": "code", "测试": "test", "数据": "data",
    "表格": "table", "图片": "image", "图像": "image", "视觉": "vision", "语音": "speech", "文本": "text", "文字": "text",
    "文档": "document", "句子": "sentence", "订单": "order", "退款": "refund", "产品": "product", "政策": "policy",
    "法律": "legal", "财务": "finance", "金融": "finance", "医疗": "medical", "教育": "education", "营销": "marketing",
    "销售": "sales", "招聘": "hiring", "安全": "security", "隐私": "privacy", "质量": "quality", "博客": "blog",
    "标题": "headline", "食谱": "recipe", "测验": "quiz", "课程": "lesson", "提示词": "prompt", "智能体": "agent",
    "中文": "chinese", "英文": "english", "英语": "english", "多语言": "multilingual", "离线": "offline", "循环": "loop"
  }
};
