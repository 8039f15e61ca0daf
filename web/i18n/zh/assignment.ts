export const assignment = {
  title: '分配', hint: '{name} · 用于{object} · 第 {n} 版', policies: '分配方案', none: '还没有分配方案', noneHelp: '安装方案后会有一套「按能力分配」，可以在这里修改。', otherwise: '换一个条件，会是谁', how: '权重', slide: '拖动{name}', rest: '怎么算', active: '启用', save: '保存并生效',
  part_skill: '行业匹配', part_region: '区域匹配', part_load: '负载空余', formula: '得分 = 各项匹配 × 权重之和，满分 1；三项合计 100%', tooMuch: '三项合计 {sum}%，多了 {by}%', tooLittle: '三项合计 {sum}%，还差 {by}%',
  skillField: '和谁的擅长比', skill_same: '同一细类', skill_parent: '仅同大类', skill_general: '通用型成员', excludeMissing: '擅长里没有这个行业的人不参与', regionField: '地区字段', regionFallback: '地区为空时用', region_same: '同省', region_area: '同大区', region_other: '其他地区', regionOnly: '只有本地区的人参与', preferBelow: '先看负载低于', preferBelowHelp: '先在低于这个比例的人里挑得分最高的；都超过了，再在所有人里挑。',
  who: '谁参与', roles: '参与角色', alertRole: '无人可接时通知', alertHelp: '记录进入所在区域的公海，并通知这个角色。', onDuty: '只给在班的人', onDutyHelp: '按排班，只有那时在班的人参与。', ownerOf: '已有归属', ownerOfHelp: '这个字段指向的记录如果有负责人，直接归他，不参与竞争。',
  exclusions: '排除', byScore: '按得分竞争：行业、区域、负载三项加权，先看负载不高的人', byExisting: '手机属于已有客户，直接归它的负责人，不参与竞争', byPool: '没有人能接，进入{area}公海', exclusionsHint: '特定的记录只给会的人', noExclusions: '没有排除条件。', lacks: '必须擅长', reason: '留下的理由', reasonDefault: '需要相应的行业经验', addExclusion: '排除条件',
  capability: '成员能力', capabilityHint: '改了立即生效', nobody: '没有参与分配的成员', nobodyHelp: '给成员加上参与角色后会出现在这里。', member: '成员', skills: '擅长行业', regions: '覆盖区域', capacity: '承接上限', loadNow: '当前负载', generalist: '通用型', skillsOf: '{name}的擅长行业', regionsOf: '{name}的覆盖区域', capacityOf: '{name}的承接上限', full: '已满', capabilitySaved: '已更新{name}的能力',
  decisions: '最近的分配', decisionsHint: '展开看每个候选人', unused: '没有规则在用这套方案', unusedHelp: '在「自动化」里给规则加上「按能力分配」。', noDecisions: '还没有分配过', showCandidates: '查看{name}的候选人', noCandidates: '这条没有竞争：直接给了已有归属的负责人，或由人指定。',
}
