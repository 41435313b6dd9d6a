BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE audit_shards (
	audit_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	CONSTRAINT pk_audit_shards PRIMARY KEY (audit_id, position), 
	CONSTRAINT fk_audit_shards_audit_id FOREIGN KEY(audit_id) REFERENCES audits (id), 
	CONSTRAINT fk_audit_shards_sha256 FOREIGN KEY(sha256) REFERENCES shards (sha256)
);
INSERT INTO "audit_shards" VALUES('a-63e9013a4eb996a4',0,'20ec8d4f04e90f38ae7e7b918b05cd0f7f2473115e86b2f91d86241c9bcb4aa9');
CREATE TABLE audit_terms (
	audit_id VARCHAR NOT NULL, 
	origin_id VARCHAR NOT NULL, 
	terms_id VARCHAR NOT NULL, 
	CONSTRAINT pk_audit_terms PRIMARY KEY (audit_id, origin_id, terms_id), 
	CONSTRAINT fk_audit_terms_audit_id FOREIGN KEY(audit_id) REFERENCES audits (id), 
	CONSTRAINT fk_audit_terms_origin_id FOREIGN KEY(origin_id) REFERENCES origins (id), 
	CONSTRAINT fk_audit_terms_terms_id FOREIGN KEY(terms_id) REFERENCES terms (id)
);
INSERT INTO "audit_terms" VALUES('a-63e9013a4eb996a4','o-denied','openai-policies');
INSERT INTO "audit_terms" VALUES('a-63e9013a4eb996a4','o-denied','openai-terms-2024-01');
CREATE TABLE audits (
	id VARCHAR NOT NULL, 
	event_index BIGINT NOT NULL, 
	snapshot_id INTEGER NOT NULL, 
	outcome VARCHAR NOT NULL, 
	policy VARCHAR NOT NULL, 
	policy_digest VARCHAR NOT NULL, 
	plan_digest VARCHAR NOT NULL, 
	knowledge_digest VARCHAR NOT NULL, 
	tool VARCHAR NOT NULL, 
	indexes TEXT NOT NULL, 
	coverage TEXT NOT NULL, 
	started_at VARCHAR NOT NULL, 
	finished_at VARCHAR NOT NULL, 
	CONSTRAINT pk_audits PRIMARY KEY (id), 
	CONSTRAINT fk_audits_snapshot_id FOREIGN KEY(snapshot_id) REFERENCES snapshots (id), 
	CONSTRAINT uq_audits_event_index UNIQUE (event_index)
);
INSERT INTO "audits" VALUES('a-63e9013a4eb996a4',0,1,'deny','default','','','','auditor 0','["idx"]','{"declared":3,"detected":0,"insufficient":0,"not_searched":[],"searched":[],"searched_rows":0,"unknown_origin":0}','2026-03-01T12:00:00Z','2026-03-01T12:00:00Z');
CREATE TABLE claim_sets (
	id VARCHAR NOT NULL, 
	CONSTRAINT pk_claim_sets PRIMARY KEY (id)
);
INSERT INTO "claim_sets" VALUES('c-843e447e42281888d2c64fc26720c4ca');
CREATE TABLE claims (
	claim_set_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	basis VARCHAR NOT NULL, 
	"where" VARCHAR NOT NULL, 
	slot VARCHAR NOT NULL, 
	CONSTRAINT pk_claims PRIMARY KEY (claim_set_id, position), 
	CONSTRAINT fk_claims_claim_set_id FOREIGN KEY(claim_set_id) REFERENCES claim_sets (id)
);
INSERT INTO "claims" VALUES('c-843e447e42281888d2c64fc26720c4ca',0,'teacher','GPT-4','row','generator','chosen');
INSERT INTO "claims" VALUES('c-843e447e42281888d2c64fc26720c4ca',1,'license','mit','card','README.md:license','');
CREATE TABLE datasets (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_datasets PRIMARY KEY (id), 
	CONSTRAINT uq_datasets_name UNIQUE (name)
);
INSERT INTO "datasets" VALUES(1,'train');
CREATE TABLE events (
	"index" BIGINT NOT NULL, 
	at VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	previous VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY ("index")
);
INSERT INTO "events" VALUES(0,'2026-03-01T12:00:00Z','audit.recorded','{"audit":"a-63e9013a4eb996a4","content":"sha256:5dce01d6461527ace342dac158cecc263ba3fe220c72e1fbd97b797644743d5a","dataset":"train","dataset_digest":"sha256:0000000000000000000000000000000000000000000000000000000000000009","outcome":"deny"}','0000000000000000000000000000000000000000000000000000000000000000','e4190aeaec574da377c28a129ebc63395d660a8fcc6c1104f86865d650f82ac3');
INSERT INTO "events" VALUES(1,'2026-03-01T12:00:00Z','student.trained','{"content":"c5cff638c5389c5e29b6068c5fdf71933d1b8de5f80cb9ac1af91d9df615cdce","student":"student"}','e4190aeaec574da377c28a129ebc63395d660a8fcc6c1104f86865d650f82ac3','5174357bbdb33a0f182b6d8633ad5e43c9acedcc97c9a4f3c999bbf9c7ec60f9');
INSERT INTO "events" VALUES(2,'2026-03-01T12:00:00Z','permit.signed','{"expires":null,"note":"é","permit":"sha256:2","share":2.5}','5174357bbdb33a0f182b6d8633ad5e43c9acedcc97c9a4f3c999bbf9c7ec60f9','2cc754272a0545090f607da76787b32afee2332847e739af0ac7edc5140cafac');
CREATE TABLE findings (
	audit_id VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	samples BIGINT NOT NULL, 
	waived_by VARCHAR, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_findings PRIMARY KEY (audit_id, id), 
	CONSTRAINT fk_findings_audit_id FOREIGN KEY(audit_id) REFERENCES audits (id)
);
INSERT INTO "findings" VALUES('a-63e9013a4eb996a4','f-1','teacher-terms','deny','',2,NULL,'{"clauses":[{"confidence":"","ref":"openai-terms-2024-01","section":"2(c)(iii)","source":"","url":"https://example.org/terms"}],"evidence":[],"fix":"","id":"f-1","layer":"service-terms","message":"m","origins":[],"outcome":"deny","rule":"teacher-terms","samples":2,"subject":"","title":"t","waived_by":null}');
CREATE TABLE licenses (
	expression VARCHAR NOT NULL, 
	CONSTRAINT pk_licenses PRIMARY KEY (expression)
);
INSERT INTO "licenses" VALUES('MIT');
CREATE TABLE matches (
	audit_id VARCHAR NOT NULL, 
	verdict VARCHAR NOT NULL, 
	teacher VARCHAR NOT NULL, 
	samples BIGINT NOT NULL, 
	CONSTRAINT pk_matches PRIMARY KEY (audit_id, verdict, teacher), 
	CONSTRAINT fk_matches_audit_id FOREIGN KEY(audit_id) REFERENCES audits (id)
);
INSERT INTO "matches" VALUES('a-63e9013a4eb996a4','copied','gpt4',3);
INSERT INTO "matches" VALUES('a-63e9013a4eb996a4','no-match','',6);
CREATE TABLE origin_licenses (
	origin_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	expression VARCHAR NOT NULL, 
	declared VARCHAR NOT NULL, 
	basis VARCHAR NOT NULL, 
	"where" VARCHAR NOT NULL, 
	candidates TEXT NOT NULL, 
	CONSTRAINT pk_origin_licenses PRIMARY KEY (origin_id, position), 
	CONSTRAINT fk_origin_licenses_expression FOREIGN KEY(expression) REFERENCES licenses (expression), 
	CONSTRAINT fk_origin_licenses_origin_id FOREIGN KEY(origin_id) REFERENCES origins (id)
);
INSERT INTO "origin_licenses" VALUES('o-denied',0,'MIT','mit','card','README.md:license','[]');
CREATE TABLE origin_teachers (
	origin_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	teacher_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	resolved BOOLEAN NOT NULL, 
	views VARCHAR NOT NULL, 
	basis VARCHAR NOT NULL, 
	grade VARCHAR NOT NULL, 
	access VARCHAR NOT NULL, 
	host VARCHAR, 
	generated_at VARCHAR, 
	slot VARCHAR NOT NULL, 
	"where" VARCHAR NOT NULL, 
	candidates TEXT NOT NULL, 
	CONSTRAINT pk_origin_teachers PRIMARY KEY (origin_id, position), 
	CONSTRAINT fk_origin_teachers_origin_id FOREIGN KEY(origin_id) REFERENCES origins (id), 
	CONSTRAINT fk_origin_teachers_teacher_id FOREIGN KEY(teacher_id) REFERENCES teachers (id)
);
INSERT INTO "origin_teachers" VALUES('o-denied',0,'openai/gpt-4','GPT-4',1,'declared,concluded','row','C','api','openai','2024-03','chosen','generator','["openai/gpt-4"]');
CREATE TABLE origins (
	id VARCHAR NOT NULL, 
	basis VARCHAR NOT NULL, 
	grade VARCHAR NOT NULL, 
	flags VARCHAR NOT NULL, 
	CONSTRAINT pk_origins PRIMARY KEY (id)
);
INSERT INTO "origins" VALUES('o-denied','row','C','contradiction');
INSERT INTO "origins" VALUES('o-none','none','E','undeclared');
CREATE TABLE shards (
	sha256 VARCHAR NOT NULL, 
	samples BIGINT NOT NULL, 
	size BIGINT NOT NULL, 
	CONSTRAINT pk_shards PRIMARY KEY (sha256)
);
INSERT INTO "shards" VALUES('20ec8d4f04e90f38ae7e7b918b05cd0f7f2473115e86b2f91d86241c9bcb4aa9',9,4300);
CREATE TABLE snapshots (
	id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	digest VARCHAR NOT NULL, 
	samples BIGINT NOT NULL, 
	unreadable BIGINT NOT NULL, 
	CONSTRAINT pk_snapshots PRIMARY KEY (id), 
	CONSTRAINT fk_snapshots_dataset_id FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "snapshots" VALUES(1,1,'sha256:0000000000000000000000000000000000000000000000000000000000000009',9,0);
CREATE TABLE students (
	event_index BIGINT NOT NULL, 
	name VARCHAR NOT NULL, 
	dataset_digest VARCHAR NOT NULL, 
	permit_digest VARCHAR NOT NULL, 
	model_digest VARCHAR NOT NULL, 
	trained_at VARCHAR NOT NULL, 
	CONSTRAINT pk_students PRIMARY KEY (event_index)
);
INSERT INTO "students" VALUES(1,'student','sha256:0000000000000000000000000000000000000000000000000000000000000009','sha256:1','','2026-03-01T12:00:00Z');
CREATE TABLE teachers (
	id VARCHAR NOT NULL, 
	CONSTRAINT pk_teachers PRIMARY KEY (id)
);
INSERT INTO "teachers" VALUES('openai/gpt-4');
CREATE TABLE terms (
	id VARCHAR NOT NULL, 
	CONSTRAINT pk_terms PRIMARY KEY (id)
);
INSERT INTO "terms" VALUES('openai-policies');
INSERT INTO "terms" VALUES('openai-terms-2024-01');
CREATE TABLE verdicts (
	audit_id VARCHAR NOT NULL, 
	origin_id VARCHAR NOT NULL, 
	samples BIGINT NOT NULL, 
	outcome VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_verdicts PRIMARY KEY (audit_id, origin_id), 
	CONSTRAINT fk_verdicts_audit_id FOREIGN KEY(audit_id) REFERENCES audits (id), 
	CONSTRAINT fk_verdicts_origin_id FOREIGN KEY(origin_id) REFERENCES origins (id)
);
INSERT INTO "verdicts" VALUES('a-63e9013a4eb996a4','o-denied',3,'deny','{"advice":[],"assumptions":[],"fixes":[],"matrix":[],"obligations":[],"outcome":"deny","questions":[],"reasons":[{"clause":{"confidence":"","ref":"openai-terms-2024-01","section":"2(c)(iii)","source":"","url":"https://example.org/terms"},"fix":"","layer":"service-terms","message":"m","outcome":"deny","rule":"teacher-terms","subject":"openai/gpt-4","title":"t"}]}');
INSERT INTO "verdicts" VALUES('a-63e9013a4eb996a4','o-none',6,'review','{"advice":[],"assumptions":[],"fixes":[],"matrix":[],"obligations":[],"outcome":"review","questions":["who wrote the answers?"],"reasons":[{"clause":{"confidence":"","ref":"engine-rule","section":"undeclared","source":"","url":""},"fix":"","layer":"provenance","message":"m","outcome":"review","rule":"origin-undeclared","subject":"","title":"t"}]}');
CREATE TABLE waivers (
	audit_id VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_waivers PRIMARY KEY (audit_id, id), 
	CONSTRAINT fk_waivers_audit_id FOREIGN KEY(audit_id) REFERENCES audits (id)
);
INSERT INTO "waivers" VALUES('a-63e9013a4eb996a4','w-1','{"finding":"f-1","id":"w-1","reason":"agreed"}');
CREATE INDEX ix_origin_licenses_expression ON origin_licenses (expression);
CREATE INDEX ix_origin_teachers_teacher_id ON origin_teachers (teacher_id);
CREATE INDEX ix_snapshots_dataset_id ON snapshots (dataset_id);
CREATE INDEX ix_snapshots_digest ON snapshots (digest);
CREATE INDEX ix_audits_snapshot_id ON audits (snapshot_id);
CREATE INDEX ix_audit_shards_sha256 ON audit_shards (sha256);
CREATE INDEX ix_verdicts_origin_id ON verdicts (origin_id);
CREATE INDEX ix_audit_terms_terms_id ON audit_terms (terms_id);
CREATE INDEX ix_findings_id ON findings (id);
CREATE INDEX ix_students_dataset_digest ON students (dataset_digest);
COMMIT;
