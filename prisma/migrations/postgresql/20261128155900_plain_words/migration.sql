-- The database says what the code says.
ALTER TABLE "Standing" RENAME TO "Reputation";
ALTER TABLE "Reputation" RENAME COLUMN "standing" TO "reputation";
ALTER TABLE "Reputation" RENAME CONSTRAINT "Standing_pkey" TO "Reputation_pkey";
ALTER TABLE "Job" RENAME COLUMN "litter" TO "garbage";
UPDATE "Job" SET "submitter" = 'system' WHERE "submitter" = 'errand';
