-- AlterTable
ALTER TABLE "Job" ADD COLUMN "keptSince" BIGINT;
