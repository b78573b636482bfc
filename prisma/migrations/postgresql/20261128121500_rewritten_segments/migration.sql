-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "keptOutputs" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "segment" INTEGER NOT NULL DEFAULT 0;

-- Jobs in flight
UPDATE "Job" SET "keptOutputs" = COALESCE((SELECT SUM("to" - "from") FROM "Run" WHERE "jobId" = "Job"."id" AND "offset" IS NOT NULL), 0)
WHERE "status" NOT IN ('done', 'failed', 'cancelled');
